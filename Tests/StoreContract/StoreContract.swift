public import ModelRegistry

/// What every store must keep, as functions over a store that is made anew for each.
///
/// ```swift
/// @Test(arguments: StoreContract.rules)
/// func keeps(_ rule: StoreRule) async throws {
///   try await rule.check { MyStore() }
/// }
/// ```
public enum StoreContract {
  /// All of them.
  public static let rules =
    CommitRules.all + ConflictRules.all + KeyRules.all + ReadingRules.all + GroupRules.all
    + LogRules.all + RaceRules.all
}

/// One thing that a store must keep.
public struct StoreRule: Sendable, CustomStringConvertible {
  /// What it says.
  public let name: String
  /// Tries it on empty stores that `make` makes.
  ///
  /// Throws `ContractViolation` if the store does not keep it.
  public let check: @Sendable (_ make: Maker) async throws -> Void

  /// Makes an empty store.
  public typealias Maker = @Sendable () async throws -> any RegistryStore

  init(_ name: String, _ check: @escaping @Sendable (_ make: Maker) async throws -> Void) {
    (self.name, self.check) = (name, check)
  }

  /// What it says.
  public var description: String { name }
}

/// A store does not keep a rule.
public struct ContractViolation: Error, CustomStringConvertible {
  /// What was found.
  public let description: String
}

/// Throws a `ContractViolation` unless the condition holds.
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, line: Int = #line
) throws(ContractViolation) {
  guard condition else { throw ContractViolation(description: "\(message()) (line \(line))") }
}

/// Throws a `ContractViolation` unless both are the same.
package func requireEqual<Value: Equatable>(
  _ found: Value, _ wanted: Value, _ what: @autoclosure () -> String = "", line: Int = #line
) throws(ContractViolation) {
  try require(found == wanted, "\(what()): \(found), not \(wanted)", line: line)
}
