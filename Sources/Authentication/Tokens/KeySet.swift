#if Server
  import CEL
  import PolicyEngine

  /// The public keys of a token issuer that can be used, each for one algorithm.
  ///
  /// Keys are taken one by one: what is no key for signatures is passed over, and one bad key does
  /// not lose the others.
  struct KeySet: Sendable {
    struct Key: Sendable {
      let id: String
      let algorithm: TokenAlgorithm
      /// The key with its algorithm and nothing that does not belong to it.
      let json: String
    }

    private(set) var keys: [Key] = []
    /// Keys that are not used, and why. Keys for encryption are not worth a word.
    private(set) var problems: [String] = []

    /// Reads a JSON Web Key Set.
    ///
    /// - Throws: `FileFault` if it is none, or too large.
    init(_ bytes: [UInt8], file: String, _ settings: TokenSettings) throws(FileFault) {
      let source: SourceFile
      do throws(LoadDiagnostic) {
        source = try SourceFile(reading: PolicySource(name: file, bytes: bytes), index: 0)
      } catch {
        throw FileFault(invalid: file, [error])
      }
      let tape = source.tape
      guard let list = tape.member("keys", of: tape.root), tape.kind(of: list) == .array else {
        throw FileFault("file-invalid", "`\(file)` is no JSON Web Key Set: it has no list `keys`")
      }
      let nodes = Array(tape.children(of: list))
      guard nodes.count <= AuthenticationLimits.keySetKeys else {
        throw FileFault(
          "file-invalid", "`\(file)` has more than \(AuthenticationLimits.keySetKeys) keys")
      }
      for node in nodes {
        do throws(Unusable) {
          guard let key = try KeyReader(tape, node, settings).key() else { continue }
          if keys.contains(where: { $0.id.utf8.elementsEqual(key.id.utf8) }) {
            throw Unusable("there is another key `\(key.id)`")
          }
          keys.append(key)
        } catch {
          let line = source.position(ofNode: node).line
          problems.append("`\(file)`, line \(line): a key is not used: \(error.reason)")
        }
      }
      if keys.isEmpty { problems.append("`\(file)` has no key that can be used") }
    }

    struct Unusable: Error {
      let reason: String
      init(_ reason: String) { self.reason = reason }
    }
  }

  /// Reads one JSON Web Key.
  private struct KeyReader {
    private let tape: JSONTape
    private let node: Int
    private let settings: TokenSettings

    init(_ tape: JSONTape, _ node: Int, _ settings: TokenSettings) {
      (self.tape, self.node, self.settings) = (tape, node, settings)
    }

    private func text(_ name: String) throws(KeySet.Unusable) -> String? {
      guard let member = tape.member(name, of: node) else { return nil }
      guard tape.kind(of: member) == .string else {
        throw KeySet.Unusable("its `\(name)` is not a text")
      }
      return tape.string(of: member)
    }

    private func required(_ name: String) throws(KeySet.Unusable) -> String {
      guard let text = try text(name), !text.isEmpty else {
        throw KeySet.Unusable("it has no `\(name)`")
      }
      return text
    }

    /// Nil for a key that is not for signatures.
    func key() throws(KeySet.Unusable) -> KeySet.Key? {
      guard tape.kind(of: node) == .object else { throw KeySet.Unusable("it is not an object") }
      let type = try required("kty")
      if let use = try text("use"), use != "sig" { return nil }
      if let operations = tape.member("key_ops", of: node) {
        guard tape.kind(of: operations) == .array,
          tape.children(of: operations).contains(where: { tape.isString($0, "verify") })
        else { return nil }
      }
      guard type != "oct" else {
        throw KeySet.Unusable("it is a shared secret (`oct`): whoever can check could also sign")
      }
      if tape.member("d", of: node) != nil {
        throw KeySet.Unusable("it is a private key, which does not belong here: make a new one")
      }
      let id = try required("kid")
      let algorithm = try algorithm(id, type)
      return KeySet.Key(id: id, algorithm: algorithm, json: try json(id, algorithm))
    }

    /// What the key says, or else what is configured, or else the one that alone can be meant.
    private func algorithm(_ id: String, _ type: String) throws(KeySet.Unusable) -> TokenAlgorithm {
      let curve = try text("crv")
      func fits(_ algorithm: TokenAlgorithm) -> Bool {
        algorithm.key.type == type && (algorithm.key.curve == nil || algorithm.key.curve == curve)
      }
      let candidates: [TokenAlgorithm]
      if let name = try text("alg") {
        guard let algorithm = TokenAlgorithm(rawValue: name) else {
          throw KeySet.Unusable("its algorithm `\(name)` is none that can be used")
        }
        candidates = [algorithm]
      } else if let algorithm = settings.keyAlgorithms[id] {
        candidates = [algorithm]
      } else {
        candidates = settings.algorithms.filter(fits)
        guard candidates.count <= 1 else {
          throw KeySet.Unusable(
            "it does not say its `alg`, and several are allowed: configure the one of `\(id)`")
        }
      }
      guard let algorithm = candidates.first, fits(algorithm),
        settings.algorithms.contains(algorithm)
      else { throw KeySet.Unusable("its type, curve and algorithm are none that are allowed") }
      return algorithm
    }

    private func json(_ id: String, _ algorithm: TokenAlgorithm) throws(KeySet.Unusable) -> String {
      var writer = JSONWriter()
      writer.beginObject()
      writer.member("kty", algorithm.key.type)
      writer.member("kid", id)
      writer.member("alg", algorithm.rawValue)
      let members =
        switch algorithm.key.type {
        case "RSA": ["n", "e"]
        case "EC": ["crv", "x", "y"]
        default: ["crv", "x"]
        }
      for name in members { writer.member(name, try required(name)) }
      writer.endObject()
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }
#endif
