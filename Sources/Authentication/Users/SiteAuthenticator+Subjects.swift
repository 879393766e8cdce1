#if Server
  public import GateServer
  public import PolicyEngine

  /// The users of the users file as subjects of AuthZEN's requests.
  extension SiteAuthenticator: SubjectSource {
    /// A user as policies see one who calls; of one who is disabled, nothing but the name.
    public func subject(type: String, id: String) -> Request.Entity? {
      guard type == "user", let user = table.current().content[id] else { return nil }
      // Somebody who may not call is somebody who may nothing.
      guard user.isEnabled else { return Request.Entity(type: type, id: user.name) }
      return Self.caller(user, .password).subject
    }

    /// The names of the users who may call, for subjects of type `user`.
    public func subjectIDs(ofType type: String) -> [String] {
      type == "user" ? table.current().content.users.filter(\.isEnabled).map(\.name) : []
    }
  }
#endif
