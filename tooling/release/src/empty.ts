// Stands in a bundle for a library that another one would load for nothing.
export {}
