// The completion scripts. Each asks the program itself: `dispatch complete -- WORDS`, the last word
// being the one under the cursor, prints `value<TAB>description` lines, and `:files` where a file may
// stand. Not from a library: the one that was tried (@bomb.sh/tab) needs bash-completion in bash and
// fails when it is sourced twice.

// bash splits words at the characters of COMP_WORDBREAKS, `@` among them, so the line is split anew,
// and what stands before the last such character is taken off the replies again.
const bash = `# bash completion of dispatch
_dispatch() {
  local line=\${COMP_LINE:0:COMP_POINT} words=() reply prefix= breaks= char current files=0
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=\${words[\${#words[@]}-1]}
  for char in @ = :; do [[ $COMP_WORDBREAKS == *"$char"* ]] && breaks+=$char; done
  [[ -n $breaks && $current == *["$breaks"]* ]] && prefix=\${current%"\${current##*["$breaks"]}"}
  COMPREPLY=()
  while IFS= read -r reply; do
    case $reply in
      :files) files=1 ;;
      ?*) reply=\${reply%%$'\\t'*}; COMPREPLY+=("\${reply#"$prefix"}") ;;
    esac
  done < <(dispatch complete -- "\${words[@]:1}" 2>/dev/null)
  ((files)) && compopt -o default 2>/dev/null
  return 0
}
complete -F _dispatch dispatch
`

const zsh = `#compdef dispatch
# zsh completion of dispatch
_dispatch() {
  local -a found
  local reply files=0
  while IFS= read -r reply; do
    case $reply in
      :files) files=1 ;;
      ?*) found+=("\${\${reply%%$'\\t'*}//:/\\\\:}:\${reply#*$'\\t'}") ;;
    esac
  done < <(dispatch complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#found )) && _describe 'dispatch' found
  (( files )) && _files
  return 0
}
compdef _dispatch dispatch
`

const fish = `# fish completion of dispatch
function __dispatch_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  set -l replies (dispatch complete -- $words[2..-1] "$current" 2>/dev/null)
  contains -- ':files' $replies; and __fish_complete_path "$current"
  string match -v -- ':files' $replies
end
complete -c dispatch -f -a '(__dispatch_complete)'
`

const scripts = { bash, zsh, fish }

/** The script of a shell. */
export const completionScript = (shell: keyof typeof scripts): string => scripts[shell]
