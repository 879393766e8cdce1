import CEL
import Synchronization

/// What one load leaves for the next: files that were read and conditions that were checked, so that
/// a changed file costs what has changed.
///
/// A set that is loaded with a cache is the same as one that is loaded without: only what follows
/// from a file's name and text alone, or from a condition's text, the types that it is checked
/// against and nothing else, is taken over. Vocabularies, definitions and the index are worked out
/// anew each time, and if a vocabulary or the type of a definition has changed, every condition is
/// checked anew.
///
/// A cache holds what the last load with it used, and no more: about as much as the set itself. It
/// may be shared by any number of threads; loads at the same time don't see each other's.
public final class PolicyCache: Sendable {
  /// What was taken over and what was done anew in the last load.
  public struct Tally: Hashable, Sendable {
    /// Files that were read, and files that were taken over.
    public internal(set) var filesRead = 0, filesKept = 0
    /// Conditions and parts of messages that were checked, and that were taken over. Those that
    /// were copied from others of the same look are in neither.
    public internal(set) var expressionsChecked = 0, expressionsKept = 0
  }

  /// What conditions are checked against, beside their scope.
  struct Basis: Equatable, Sendable {
    /// The texts of all vocabularies, in order.
    var vocabularies: [[UInt8]] = []
    var definitions: [String: CELType] = [:]
  }
  struct ExpressionKey: Hashable, Sendable {
    /// Names the environment, given a basis.
    var scope: String
    var text: String
  }
  struct Contents: Sendable {
    var documents: [String: (source: PolicySource, document: ReadDocument)] = [:]
    var basis = Basis()
    var expressions: [ExpressionKey: CheckedExpression] = [:]
    var tally = Tally()

    /// A file of this name and text, as it was read.
    func document(_ source: PolicySource) -> ReadDocument? {
      guard let known = documents[source.name], known.source.bytes == source.bytes else {
        return nil
      }
      return known.document
    }
  }
  private let held = Mutex(Contents())

  /// An empty cache.
  public init() {}

  /// What came of the last load with this cache.
  public var tally: Tally { held.withLock { $0.tally } }

  var contents: Contents {
    get { held.withLock { $0 } }
    set { held.withLock { $0 = newValue } }
  }
}
