import CEL

/// Which API keys a request is about.
struct KeySelection: Sendable {
  /// Keys of these ids, if there are any.
  private(set) var ids: [String] = []
  /// A name, or the beginning of one with `*` behind it; empty for any.
  private var name = ""
  private var username = ""
  private var realm = ""
  private var isOwner = false
  private var isActiveOnly = false

  /// Of `GET`: without anything said, all keys.
  init(getting exchange: Exchange) throws(ErrorBody) {
    let query = exchange.request.query
    if let id = query["id"], !id.isEmpty { ids = [id] }
    (name, username) = (query["name"] ?? "", query["username"] ?? "")
    realm = query["realm_name"] ?? ""
    isOwner = try exchange.flag("owner")
    isActiveOnly = try exchange.flag("active_only")
    try KeyFaults.expectNone(faults("retrieving", ids: "api key id"))
  }

  /// Of `DELETE`: something must be said.
  init(invalidating request: WireRequest) throws(ErrorBody) {
    let body = try BodyObject(request, "invalidate_api_key")
    try body.refuseOthers(than: ["ids", "id", "name", "username", "realm_name", "owner"])
    let (several, one) = (try body.texts("ids"), try body.string("id"))
    guard several == nil || one == nil else {
      throw .illegalArgument("Must use either [id] or [ids], not both at the same time")
    }
    ids = several ?? one.map { [$0] } ?? []
    name = try body.string("name") ?? ""
    username = try body.string("username") ?? ""
    realm = try body.string("realm_name") ?? ""
    isOwner = try body.flag("owner") ?? false
    var faults = faults("invalidating", ids: "api key id(s)")
    if let several, several.isEmpty || several.contains("") {
      faults.append("Field [ids] must not contain blank id, and must not be empty")
    }
    if ids.isEmpty, [name, username, realm].allSatisfy(\.isEmpty), !isOwner, several == nil {
      faults.append(
        "One of [api key id(s), api key name, username, realm name] must be specified if [owner] "
          + "flag is false")
    }
    if ids.count > ServerLimits.keysAtOnce {
      faults.append("[ids] may have \(ServerLimits.keysAtOnce) elements")
    }
    try KeyFaults.expectNone(faults)
  }

  private func faults(_ doing: String, ids what: String) -> [String] {
    var faults: [String] = []
    let namesSomebody = !username.isEmpty || !realm.isEmpty
    if !ids.isEmpty || !name.isEmpty, namesSomebody {
      faults.append(
        "username or realm name must not be specified when the \(what) or api key name are "
          + "specified")
    }
    if isOwner, namesSomebody {
      faults.append("neither username nor realm-name may be specified when \(doing) owned API keys")
    }
    if !ids.isEmpty, !name.isEmpty {
      faults.append("only one of [\(what), api key name] can be specified")
    }
    return faults
  }

  /// What the log calls it.
  var id: String { ids.count == 1 ? ids[0] : "*" }

  /// What the log says of it.
  var parameters: [String: CELValue] {
    var parameters: [String: CELValue] = ["owner": .bool(isOwner)]
    if !ids.isEmpty { parameters["ids"] = .list(ids.map { .string($0) }) }
    if !name.isEmpty { parameters["key_name"] = .string(name) }
    if !username.isEmpty { parameters["username"] = .string(username) }
    return parameters
  }

  /// Whether it can be about nobody's keys but the caller's: as it is worded, whatever there is.
  func isOwn(of caller: Caller) -> Bool {
    // A key may look at itself.
    if case .apiKey(let id, _) = caller.proof, ids == [id] { return true }
    guard caller.isKeyOwner else { return false }
    return isOwner || username == caller.name && (realm.isEmpty || realm == KeyForm.realm)
  }

  /// The keys that are meant.
  func select(_ keys: [ListedKey], _ caller: Caller, now: Int64) -> [ListedKey] {
    keys.filter { key in
      if isOwner, !caller.isKeyOwner || !Self.isSame(key.owner, caller.name) { return false }
      if !ids.isEmpty, !ids.contains(where: { Self.isSame($0, key.id) }) { return false }
      if !username.isEmpty, !Self.isSame(key.owner, username) { return false }
      if !realm.isEmpty, realm != KeyForm.realm { return false }
      return isNamed(key.name) && (!isActiveOnly || key.isValid(at: now))
    }
  }

  private func isNamed(_ text: String) -> Bool {
    guard name.hasSuffix("*") else { return name.isEmpty || Self.isSame(name, text) }
    return text.utf8.starts(with: name.utf8.dropLast())
  }

  /// Texts that only look alike are two.
  private static func isSame(_ one: String, _ other: String) -> Bool {
    one.utf8.elementsEqual(other.utf8)
  }
}

extension Caller {
  /// Whether keys can be the caller's: those of users of the users file are, and whoever is called
  /// the same by another issuer has none.
  var isKeyOwner: Bool {
    switch proof {
    case .password, .apiKey: true
    case .certificate: !isSuperAdmin
    case .token, .anonymous: false
    }
  }
}
