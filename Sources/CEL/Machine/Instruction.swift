/// What the machine does in one step. This table is the specification: `R` are registers, `K`
/// constants, `T` text ids, `→ d` a jump. Every operation on an error gives that error, unless it
/// says otherwise.
///
/// **Test instructions** are comparison and branch in one. They have a *sense* (bit 0 of `flag`):
/// the outcome that jumps. When the outcome is an error, it is kept in `R[a]` (if none is there
/// yet) and nothing jumps: that is how `&&` and `||` forget an error when the other side decides.
enum Opcode: UInt8, BitwiseCopyable, Sendable {
  /// R[a] = R[b]
  case move
  /// R[a] = K[e]
  case load
  /// R[a] = R[b].T[e], an error if it is missing
  case select
  /// The same, and then at once the instruction behind it, a select from R[a]
  case selectPath
  /// R[a] = R[b].?T[e], an optional
  case selectOptional
  /// R[a] = has(R[b].T[e])
  case presence
  /// R[a] = R[b][R[c]]
  case index
  /// R[a] = R[b][?R[c]], an optional
  case indexOptional
  /// R[a] = R[b] op R[c]
  case add, subtract, multiply, divide, modulo
  /// R[a] = op R[b]
  case negate, not
  /// R[a] = R[b] op R[c], bool
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, `in`
  /// R[a] = builtin e (R[b] …), `flag` arguments
  case call
  /// R[a] = host function e (R[b] …), `flag` arguments
  case callHost
  /// R[a] = whether regular expression e matches R[b]
  case matchConstant
  /// R[a] = [R[b] …], c values; bit 0 of flag: some are optional, listed in `optionalEntries[e]`
  case makeList
  /// R[a] = {R[b]: R[b+1] …}, c values; flag as above
  case makeMap
  /// → d
  case jump
  /// → d if R[a] is an error
  case jumpIfError
  /// → d if R[a] is set: a value that is kept during a loop
  case jumpIfSet
  /// R[a] = R[a] is an error ? R[a] : bool(flag)
  case settle
  /// if R[b] is an error, keep it in R[a]; otherwise → d
  case mergeOrJump
  /// keep the error of R[b], if it is one, in R[a]
  case merge

  /// test R[b] is true
  case testTrue
  /// test R[b] == R[c]
  case testEqual
  /// test R[b] == K[e]
  case testEqualConstant
  /// test R[b] relation R[c]; bits 1–2 of flag: < <= > >=
  case testOrder
  /// test R[b] relation K[e]
  case testOrderConstant
  /// test R[b] in R[c]
  case testIn
  /// test R[b] in R[c]; bit 1 of flag: the list does not change during a loop, and R[e] is the state
  /// of the search; bit 2: as `R[c].exists(y, y == R[b])`
  case testSearch
  /// test R[b] in the constant set e
  case testInSet
  /// test has(R[b].T[e])
  case testPresence
  /// test that the lists R[b] and R[c] have an element in common
  case testIntersects
  /// test that regular expression e matches R[b]
  case testMatch

  /// Begins a loop over R[b] with state R[a], R[a+1]; if it is not a list or a map (or an error),
  /// R[c] = error → d. Bit 0 of flag: two variables.
  case iterate
  /// Next element of state R[a] in R[b] (and R[c] with two variables); → d at the end. Pays e.
  case next
  /// R[a] = mark of the result stack
  case beginResult
  /// push R[b] on the result stack
  case push
  /// push key R[b] and value R[c]
  case pushEntry
  /// push all entries of the map R[b]
  case pushMap
  /// R[a] = list of what was pushed since R[b]
  case endList
  /// R[a] = map of what was pushed since R[b]
  case endMap
  /// drop what was pushed since R[b], R[a] = R[c]
  case dropResult
  /// R[a] = list R[b] sorted by the list of keys R[c]
  case sortBy
  /// R[a] = R[a] + 1, a count
  case increment
  /// → d if the optional R[b] has no value; otherwise R[a] = its value. Not an optional: R[a] =
  /// error → d.
  case unwrapOrJump
  /// R[a] = optional.of(R[b])
  case wrap

  /// If definition register R[a] is set: R[b] = R[a]. Otherwise R[c] = pc and → d, which ends in
  /// `endDefinition`.
  case definition
  /// The same, and if it was set at once the instruction behind it, a test that R[b] is true
  case testDefinition
  /// R[a] = R[b] and back behind the instruction that R[c] names
  case endDefinition
  /// The same with R[a] = R[b] is an error ? R[b] : bool(flag)
  case endDefinitionSettled
  /// The same with R[a] = bool(flag)
  case endDefinitionConstant

  /// The result is R[a]
  case result
  /// The result is R[a] if that is an error, otherwise bool(flag)
  case resultSettled
  /// The result is bool(flag)
  case resultConstant
}

/// One step: sixteen bytes.
struct Instruction: BitwiseCopyable, Sendable {
  var op: Opcode
  var flag: UInt8 = 0
  var a: UInt16 = 0
  var b: UInt16 = 0
  var c: UInt16 = 0
  var d: Int32 = 0
  var e: Int32 = 0
}
