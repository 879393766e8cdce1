#if Server
  import Dispatch
  public import GateServer

  /// API keys that are made and revoked over the wire, in the file that `modelgate keys` changes:
  /// under the same lock, so that neither loses what the other has done.
  extension SiteAuthenticator: APIKeyStore {
    /// The site's clock.
    public var now: Int64 { settings.clock() }

    /// All keys of the file.
    public func listedKeys() async -> [ListedKey] {
      keys?.current().content.keys.map(\.listed) ?? []
    }

    /// Makes a key of a user of the users file.
    ///
    /// - Throws: `KeyFault`, also if the user has too many.
    public func create(_ key: ListedKey) async throws(KeyFault) -> IssuedKey {
      guard let owner = table.current().content[key.owner], owner.isEnabled else {
        throw KeyFault("`\(key.owner)` is no user of the users file", isCallers: true)
      }
      let now = now
      let fresh = APIKey.make(
        id: key.id, name: key.name, owner: owner.name, descriptors: key.descriptors,
        metadata: key.metadata, now: now, expires: key.expires)
      try await change { table throws(FileFault) in
        let limit = AuthenticationLimits.keysPerOwner
        guard table.keys.count(where: { $0.owner == key.owner && $0.isValid(at: now) }) < limit
        else {
          throw FileFault("too-many-keys-of-user", "`\(key.owner)` has \(limit) API keys already")
        }
        // Room is made of what works no more.
        if table.keys.count >= AuthenticationLimits.keys { _ = table.prune(at: now) }
        try table.add(fresh.key)
      }
      return IssuedKey(key: fresh.key.listed, secret: fresh.secret, encoded: fresh.encoded)
    }

    /// Lets keys work no more, from this moment on.
    ///
    /// - Throws: `KeyFault` if the file can't be changed.
    public func revoke(_ ids: [String]) async throws(KeyFault) -> [String] {
      let now = now
      return try await change { table throws(FileFault) in
        let working = ids.filter { id in table[id].map { $0.revoked == nil } ?? false }
        for id in working { try table.revoke(id, at: now) }
        return working
      }
    }

    /// Changes the file, and has the change in force when it returns.
    private func change<Result: Sendable>(
      _ body: @escaping @Sendable (inout KeyTable) throws(FileFault) -> Result
    ) async throws(KeyFault) -> Result {
      guard let keys, let path = settings.keysFile else {
        throw KeyFault("API keys are not in use here", isCallers: true)
      }
      let outcome = await withCheckedContinuation { continuation in
        keyChanges.async {
          let outcome: Swift.Result<Result, FileFault>
          do throws(FileFault) {
            outcome = .success(try TableFile<KeyTable>(path).change(ifAbsent: .create, body))
            keys.refresh()
          } catch {
            outcome = .failure(error)
          }
          continuation.resume(returning: outcome)
        }
      }
      switch outcome {
      case .success(let result): return result
      case .failure(let fault):
        let callers = ["too-many-keys", "too-many-keys-of-user", "invalid-name"]
        throw KeyFault(fault.message, isCallers: callers.contains(fault.code))
      }
    }
  }
#endif
