import CEL
public import PolicyEngine

/// What changes between two policy sets in terms of access: who may do what now that could not
/// before, and the other way round.
///
/// Each role by itself (and a subject without one), each action and each type of resource is a
/// cell. In a cell a request is looked for that the old set refuses and the new one allows, and one
/// the other way round. Where conditions are made of comparisons with constants, membership, `has`,
/// comparisons of attributes with each other and `exists(x, x in list)`, the search is complete:
/// finding nothing is a proof. Where they are not, a cell says so.
public struct AccessDiff: Sendable {
  /// The sets that are compared.
  public let old, new: PolicySet

  /// A comparison of two sets.
  public init(old: PolicySet, new: PolicySet) { (self.old, self.new) = (old, new) }

  /// Compares them.
  public func compare() -> AccessChanges {
    var run = DiffRun(self)
    return run.compare()
  }
}

/// How access changes.
public enum AccessVerdict: String, Sendable, CaseIterable {
  case equal
  /// Something is allowed that was not, and nothing the other way round.
  case morePermissive = "more-permissive"
  /// Something is refused that was not, and nothing the other way round.
  case lessPermissive = "less-permissive"
  /// Both.
  case incomparable
}

/// Everything that changed.
public struct AccessChanges: Sendable {
  /// A role, an action and a type of resource for which something changed, or for which it could
  /// not be proven that nothing does.
  public struct Cell: Sendable {
    /// The role that the subject brings; nil: none.
    public let role: String?
    /// The action's name.
    public let action: String
    /// The type of the resource.
    public let resourceType: String
    /// How access changes.
    public let verdict: AccessVerdict
    /// Requests that show it, each decided by both sets.
    public let witnesses: [Witness]
    /// Why it is not certain that there are no other changes; nil if it is.
    public let doubt: String?
  }

  /// A request that the two sets decide differently.
  public struct Witness: Sendable {
    /// What it shows.
    public enum Kind: String, Sendable {
      case newlyAllowed = "newly-allowed"
      case newlyDenied = "newly-denied"
      case warningAdded = "warning-added"
      case warningRemoved = "warning-removed"
    }
    /// What it shows.
    public let kind: Kind
    /// The request, an AuthZEN evaluation in JSON.
    public let request: String
    /// What both sets say to exactly this text.
    public let old, new: Decision
  }

  /// Cells with a change or a doubt, by action, type and role.
  public internal(set) var cells: [Cell] = []
  /// How many cells were compared.
  public internal(set) var compared = 0
  /// What could not be compared, and why.
  public internal(set) var notes: [String] = []

  /// Whether any cell is more permissive, or less, or both.
  public func contains(_ verdict: AccessVerdict) -> Bool {
    cells.contains { $0.verdict == verdict }
  }

  /// Whether there is any change, of access or of warnings.
  public var isAnything: Bool { cells.contains { !$0.witnesses.isEmpty } }

  /// Whether some changes may not have been found.
  public var isDoubtful: Bool { !notes.isEmpty || cells.contains { $0.doubt != nil } }
}
