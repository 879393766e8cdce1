import CEL

/// Who asks for a decision about others, as the log names them.
public struct Asker: Hashable, Sendable {
  /// The name that asks.
  public var name: String
  /// Who really asks, if in the name of somebody else.
  public var authenticatedUser: String?
  /// The API key that was presented, if one was.
  public var authenticatedKey: Key?

  /// What names an API key. It is not what proves it.
  public struct Key: Hashable, Sendable {
    /// Its id.
    public var id: String
    /// Its name, for people.
    public var name: String

    /// A key from its parts.
    public init(id: String, name: String) { (self.id, self.name) = (id, name) }
  }

  /// An asker from its parts.
  public init(name: String, authenticatedUser: String? = nil, authenticatedKey: Key? = nil) {
    (self.name, self.authenticatedUser) = (name, authenticatedUser)
    self.authenticatedKey = authenticatedKey
  }

  /// The members that a record has of it.
  func write(to writer: inout JSONWriter) {
    writer.member("asked_by", name)
    if let authenticatedUser { writer.member("authenticated_user", authenticatedUser) }
    guard let authenticatedKey else { return }
    writer.name("authenticated_key")
    writer.beginObject()
    writer.member("id", authenticatedKey.id)
    writer.member("name", authenticatedKey.name)
    writer.endObject()
  }
}
