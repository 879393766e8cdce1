import CEL
import PolicyEngine
import Synchronization

/// What is known of resources that were asked about lately, ready to be put into a request, all as
/// of one commit.
///
/// Records change with commits alone, so what was gathered of one state holds in every state of the
/// same commit, and in no other: whoever asks says which commit the state stands at that it reads,
/// and is told nothing of another. A newer commit empties the memory, whatever it changed.
final class FactMemory: Sendable {
  private struct Name: Hashable {
    let type, id: ExactText
  }

  private struct Kept {
    var revision: StoreRevision = -1
    var facts: [Name: ResourceFacts] = [:]
    /// About how much all that is.
    var bytes = 0
  }

  private let kept = Mutex(Kept())

  /// What is known of a resource as of a commit; nil if that is not remembered.
  func facts(about name: ResourceName, at revision: StoreRevision) -> ResourceFacts? {
    guard name.others.isEmpty else { return nil }
    return kept.withLock { kept in
      kept.revision == revision ? kept.facts[Self.key(name)] : nil
    }
  }

  /// Keeps what was gathered from a state of the store that stands at a commit.
  func keep(_ facts: ResourceFacts, about name: ResourceName, at revision: StoreRevision) {
    guard name.others.isEmpty else { return }
    let size = facts.size + name.id.utf8.count + Self.overhead
    guard size <= RegistryLimits.rememberedFactBytes else { return }
    kept.withLock { kept in
      let key = Self.key(name)
      let isKnown = revision == kept.revision && kept.facts[key] != nil
      guard revision >= kept.revision, !isKnown else { return }
      let isFull = kept.bytes + size > RegistryLimits.rememberedFactsBytes
      if isFull || revision > kept.revision {
        kept.facts.removeAll(keepingCapacity: true)
        kept.bytes = 0
      }
      kept.revision = revision
      kept.facts[key] = facts
      kept.bytes += size
    }
  }

  /// How many resources are remembered, for tests.
  var count: Int { kept.withLock { $0.facts.count } }

  /// What an entry takes beside its texts, about.
  private static var overhead: Int { 256 }

  private static func key(_ name: ResourceName) -> Name {
    Name(type: ExactText(name.type), id: ExactText(name.id))
  }
}

extension ResourceFacts {
  /// About how many bytes they are.
  fileprivate var size: Int {
    (properties.merging(context) { one, _ in one }).reduce(0) {
      $0 + $1.key.utf8.count + Self.size(of: $1.value)
    }
  }

  private static func size(of value: CELValue) -> Int {
    switch value {
    case .string(let text): text.utf8.count + 32
    case .bytes(let bytes): bytes.count + 32
    case .list(let elements): elements.reduce(32) { $0 + size(of: $1) }
    case .map(let entries): entries.reduce(32) { $0 + size(of: $1.key) + size(of: $1.value) }
    default: 32
    }
  }
}
