#if SQLite
  import ModelRegistry

  /// GRDB has a `Record` too, so files that use it call the registry's by this name.
  typealias StoredRecord = Record

  /// Keys as the tables hold them: a letter for the kind, then the bytes of the name.
  ///
  /// Blobs, not texts: SQLite's texts end for some of its functions at a zero byte, and the order of
  /// blobs is that of their bytes. The letter keeps kinds apart and the blob from being empty, which
  /// could not be told from null.
  enum StoredKey {
    static func letter(_ kind: Record.Kind) -> UInt8 {
      switch kind {
      case .trainedModel: UInt8(ascii: "t")
      case .definition: UInt8(ascii: "d")
      case .alias: UInt8(ascii: "a")
      case .deployment: UInt8(ascii: "e")
      case .pipeline: UInt8(ascii: "p")
      case .group: UInt8(ascii: "g")
      case .groupName: UInt8(ascii: "n")
      case .groupModel: UInt8(ascii: "m")
      case .setting: UInt8(ascii: "s")
      case .policy: UInt8(ascii: "y")
      }
    }

    private static let kinds: [UInt8: Record.Kind] = Dictionary(
      uniqueKeysWithValues: Record.Kind.allCases.map { (letter($0), $0) })

    private static func letter(_ kind: RecordSet.Kind) -> UInt8 {
      switch kind {
      case .aliases: UInt8(ascii: "a")
      case .deployments: UInt8(ascii: "e")
      case .allDeployments: UInt8(ascii: "E")
      case .tagged: UInt8(ascii: "t")
      case .pipelines: UInt8(ascii: "p")
      case .models: UInt8(ascii: "m")
      case .trainedModels: UInt8(ascii: "T")
      case .allGroups: UInt8(ascii: "G")
      }
    }

    static func of(_ key: RecordKey) -> [UInt8] {
      let (kind, name) = key.parts
      return of(kind, name)
    }

    static func of(_ kind: Record.Kind, _ name: String) -> [UInt8] { key(letter(kind), name) }

    static func of(_ set: RecordSet) -> [UInt8] {
      let (kind, name) = set.parts
      return key(letter(kind), name)
    }

    /// Nil for ranges that need no index of their own.
    static func of(_ range: GroupRange) -> [UInt8]? {
      switch range {
      case .all, .id: nil
      case .access(let access): key(UInt8(ascii: "a"), access.rawValue)
      case .backendRole(let role): key(UInt8(ascii: "r"), role)
      case .owner(let name): key(UInt8(ascii: "o"), name)
      case .noOwner: key(UInt8(ascii: "n"), "")
      }
    }

    /// Behind all keys of a kind.
    static func end(of kind: Record.Kind) -> [UInt8] { [letter(kind) + 1] }

    /// The kind and the name of a key that was read.
    static func parts(of key: [UInt8]) throws(StoreError) -> (kind: Record.Kind, name: String) {
      guard let first = key.first, let kind = kinds[first],
        let name = String(validating: key.dropFirst(), as: UTF8.self)
      else { throw .damaged("a key is none: \(key.count) bytes that begin with \(key.prefix(8))") }
      return (kind, name)
    }

    private static func key(_ letter: UInt8, _ name: String) -> [UInt8] {
      var bytes: [UInt8] = []
      bytes.reserveCapacity(1 + name.utf8.count)
      bytes.append(letter)
      bytes.append(contentsOf: name.utf8)
      return bytes
    }
  }

  extension RecordSet {
    /// Whether its members are all records of a kind, so that no list of them is kept.
    var isWholeKind: Bool { self == .allGroups || self == .allDeployments }
  }
#endif
