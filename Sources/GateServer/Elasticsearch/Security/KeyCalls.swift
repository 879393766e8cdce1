import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// API keys over the wire. Whoever may is decided by the policies, as everything else is; a key never
/// has more than its owner has when it is used.
extension Exchange {
  /// The actions of Elasticsearch. What is about nobody's keys but the caller's is an action of its
  /// own, so that a privilege can stop there.
  private static let keyActions = "cluster:admin/xpack/security/api_key/"

  /// `POST` and `PUT /_security/api_key`
  func createKey() throws(ErrorBody) -> Route.Action {
    let wanted = try KeyBody(request, site.registry.gate.current)
    try checkRefresh()
    return {
      let store = try keyStore()
      let key = wanted.key(of: caller.name, now: store.now)
      let record = try await allow("create", isOwn: false, of: key.id, wanted.parameters)
      try expectOwner(of: key)
      // Before anything changes: what can't be logged is not done.
      try await site.registry.log.append(record.as(.performed))
      do throws(KeyFault) {
        let made = try await store.create(key)
        return .json { KeyForm.write(made, to: &$0) }
      } catch {
        throw try await abandoned(record, error)
      }
    }
  }

  /// `GET /_security/api_key`
  func getKeys() throws(ErrorBody) -> Route.Action {
    for name in ["with_limited_by", "with_profile_uid"] where try flag(name) {
      throw .illegalArgument(
        "[\(name)] is not served: a key is limited by what its owner may do when it is used")
    }
    let selection = try KeySelection(getting: self)
    return {
      let store = try keyStore()
      let record = try await allow(
        "get", isOwn: selection.isOwn(of: caller), of: selection.id, selection.parameters)
      let keys = selection.select(await store.listedKeys(), caller, now: store.now)
      try await site.registry.log.appendRead(record)
      let isMissing = keys.isEmpty && !selection.ids.isEmpty
      return .json(isMissing ? 404 : 200) { KeyForm.write(keys, to: &$0) }
    }
  }

  /// `DELETE /_security/api_key`
  func invalidateKeys() throws(ErrorBody) -> Route.Action {
    let selection = try KeySelection(invalidating: request)
    return {
      let store = try keyStore()
      let record = try await allow(
        "invalidate", isOwn: selection.isOwn(of: caller), of: selection.id, selection.parameters)
      let keys = selection.select(await store.listedKeys(), caller, now: store.now)
      try await site.registry.log.append(record.as(.performed))
      do throws(KeyFault) {
        let revoked = Set(try await store.revoke(keys.map(\.id)))
        return .json { KeyForm.write(revoked: revoked, among: keys, to: &$0) }
      } catch {
        throw try await abandoned(record, error)
      }
    }
  }

  // MARK: Parts of these

  private func keyStore() throws(ErrorBody) -> any APIKeyStore {
    guard let keys = site.keys else { throw .illegalArgument("API keys are not in use here") }
    return keys
  }

  private func checkRefresh() throws(ErrorBody) {
    guard let refresh = request.query["refresh"] else { return }
    // Whatever it is: a key works as soon as it is told.
    guard ["", "true", "false", "wait_for"].contains(refresh) else {
      throw .illegalArgument("Unknown value for refresh: [\(refresh)].")
    }
  }

  /// Has the policies judge a call. A refusal names the action as Elasticsearch does.
  private func allow(
    _ verb: String, isOwn: Bool, of id: String, _ parameters: [String: CELValue]
  ) async throws -> DecisionRecord {
    let use = ServiceUse(
      Self.keyActions + (isOwn ? "own/" : "") + verb, of: id, type: "api_key", parameters)
    do {
      return try await site.registry.allow(use, by: caller)
    } catch let refusal as Refusal {
      guard refusal.decision.reasons.first?.rule == nil else { throw refusal }
      throw try Refusals(site.registry.gate.current, caller).unauthorized(
        Self.keyActions + verb, grantedAs: use.action)
    }
  }

  /// A key's owner must be who is calling, by credentials of the users file: whoever is called the
  /// same by another issuer is somebody else.
  private func expectOwner(of key: ListedKey) throws(ErrorBody) {
    switch caller.proof {
    case .password: return
    case .certificate where !caller.isSuperAdmin: return
    case .apiKey:
      // Or a key that was limited would make one that is not.
      guard let descriptors = key.descriptors, descriptors.allSatisfy(\.privileges.isEmpty) else {
        throw .illegalArgument(
          "creating derived api keys requires an explicit role descriptor that is empty (has no "
            + "privileges)")
      }
    case .certificate, .token, .anonymous:
      throw .illegalArgument(
        "API keys belong to users of the users file, and [\(caller.name)] was recognized by "
          + "something else")
    }
  }

  /// What was logged as done was not done, and the log is told so.
  private func abandoned(_ record: DecisionRecord, _ fault: KeyFault) async throws -> ErrorBody {
    try await site.registry.log.append(record.as(.abandoned))
    guard !fault.isCallers else { return .illegalArgument(fault.message) }
    return ErrorBody(503, "status_exception", "the API keys can't be changed now")
  }
}
