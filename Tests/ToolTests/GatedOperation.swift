#if SQLite && Signing
  import PolicyGate

  // Foundation has an `Operation` too, and a module's name can't be put before it where the module
  // has a type of that name.
  typealias GatedOperation = Operation
#endif
