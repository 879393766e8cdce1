#if Server
  import GateServer
  import JWTKit

  /// Proves tokens with an issuer's keys.
  ///
  /// Every key is in a collection of its own, with its algorithm set before any token comes. So a
  /// token chooses neither the key of another id nor an algorithm, and it changes nothing for those
  /// that come after it.
  actor TokenVerifier {
    private let settings: TokenSettings
    private let file: WatchedFile<KeySet>
    private let clock: AuthenticationSettings.Clock
    private var keys: [[UInt8]: (algorithm: TokenAlgorithm, collection: JWTKeyCollection)] = [:]
    private var version: UInt64 = 0
    private var unusable: [String] = []

    init(_ settings: TokenSettings, clock: @escaping AuthenticationSettings.Clock) throws(FileFault)
    {
      try settings.check()
      (self.settings, self.clock) = (settings, clock)
      file = try WatchedFile(
        settings.keySetFile, limit: AuthenticationLimits.keySetBytes, absent: nil, clock: clock
      ) { bytes, path throws(FileFault) in try KeySet(bytes, file: path, settings) }
    }

    /// The caller whom a token proves.
    func verify(_ token: String) async throws(TokenParts.Fault) -> Caller {
      let parts = try TokenParts(token)
      guard settings.algorithms.contains(parts.algorithm) else {
        throw TokenParts.Fault("the token's algorithm is not allowed")
      }
      await refresh()
      guard let key = keys[Array(parts.keyID.utf8)] else {
        throw TokenParts.Fault("the token's key is not known")
      }
      guard key.algorithm == parts.algorithm else {
        throw TokenParts.Fault("the token's algorithm is not the one of its key")
      }
      do {
        _ = try await key.collection.verify(token, as: Signed.self)
      } catch {
        throw TokenParts.Fault("the token's signature is not good")
      }
      return try TokenClaims(parts.claims, settings).caller(at: clock())
    }

    /// What is wrong with the issuer's keys.
    func problems() async -> [String] {
      await refresh()
      return (file.problem.map { [$0] } ?? []) + file.current().content.problems + unusable
    }

    /// Takes over the keys if the file has changed.
    private func refresh() async {
      let current = file.current()
      guard current.number > version else { return }
      var fresh: [[UInt8]: (algorithm: TokenAlgorithm, collection: JWTKeyCollection)] = [:]
      var unusable: [String] = []
      for key in current.content.keys {
        let collection = JWTKeyCollection()
        do {
          try await collection.add(jwk: JWK(json: key.json))
          fresh[Array(key.id.utf8)] = (key.algorithm, collection)
        } catch {
          unusable.append("the key `\(key.id)` is not used: it is malformed or too short")
        }
      }
      // Another call may have got further meanwhile.
      guard current.number > version else { return }
      (keys, version, self.unusable) = (fresh, current.number, unusable)
    }

    /// The claims are read elsewhere; this is only what the library asks for.
    private struct Signed: JWTPayload {
      func verify(using algorithm: some JWTAlgorithm) {}
    }
  }
#endif
