/// Why the registry does not do what policies would allow. Nothing was done, unless the kind says
/// otherwise.
public struct RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kinds of obstacles there are.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A parameter is not what it has to be.
    case invalid
    /// What it is about is not there.
    case notFound = "not_found"
    /// There is one of that name already.
    case alreadyExists = "already_exists"
    /// Something depends on it.
    case inUse = "in_use"
    /// A parameter is larger than the registry takes.
    case tooLarge = "too_large"
    /// Others changed what it was judged by, again and again.
    case contended
    /// The policies in force are not those of this gate.
    case otherPolicies = "other_policies"
    /// It may have taken effect or not, and the store does not say.
    case outcomeUnknown = "outcome_unknown"
  }

  /// What kind of obstacle it is.
  public let kind: Kind
  /// For people.
  public let message: String
  /// What to do about it, if that is known.
  public let help: String?

  /// An obstacle.
  public init(_ kind: Kind, _ message: String, help: String? = nil) {
    (self.kind, self.message, self.help) = (kind, message, help)
  }

  /// The HTTP status that says as much.
  public var status: Int {
    switch kind {
    case .invalid: 400
    case .notFound: 404
    case .alreadyExists, .inUse, .contended: 409
    case .tooLarge: 413
    case .otherPolicies, .outcomeUnknown: 503
    }
  }

  /// The message, and what to do.
  public var description: String { help.map { "\(message); \($0)" } ?? message }
}
