public import CEL
public import PolicyEngine

/// Fields of requests whose values are not written to the log.
///
/// Names that mean a credential are masked wherever they stand, whatever a site names; a credential
/// has no business in a request, and a log lives longer than one.
public struct Masks: Sendable {
  /// What stands in the place of a value.
  public static let replacement = CELValue.string("[masked]")

  /// Names that are masked at any depth, whatever their case; `-` and `_` count alike.
  public static let credentials: Set<String> = [
    "password", "passwd", "secret", "token", "authorization", "api_key", "apikey", "access_token",
    "refresh_token", "id_token", "client_secret", "private_key", "credential", "credentials",
    "cookie", "set_cookie",
  ]

  private let paths: Set<String>

  /// Masks for paths such as `subject.email` and `resource.owner.address`, besides credentials.
  public init(_ paths: some Sequence<String> = []) { self.paths = Set(paths) }

  /// The request as it may be written.
  public func apply(to request: Request) -> Request {
    var masked = request
    mask(&masked.subject.properties, "subject")
    mask(&masked.action.properties, "action")
    mask(&masked.resource.properties, "resource")
    mask(&masked.context, "context")
    return masked
  }

  private func mask(_ properties: inout [String: CELValue], _ path: String) {
    for (name, value) in properties {
      if let changed = masked(value, name, below(path, name)) { properties[name] = changed }
    }
  }

  /// Nil if nothing of it is masked, so that the usual request is not copied.
  private func masked(_ value: CELValue, _ name: String, _ path: String) -> CELValue? {
    if Self.isCredential(name) || paths.contains(path) { return Self.replacement }
    switch value {
    case .map(let entries): return maskedMap(entries, path)
    case .list(let elements):
      var changed: [CELValue]?
      for (index, element) in elements.enumerated() {
        guard let other = masked(element, "", path) else { continue }
        if changed == nil { changed = elements }
        changed?[index] = other
      }
      return changed.map { .list($0) }
    default: return nil
    }
  }

  /// Where a member stands, if any site's path asks for that.
  private func below(_ path: String, _ name: String) -> String {
    paths.isEmpty ? "" : "\(path).\(name)"
  }

  private func maskedMap(_ entries: [CELValue.Entry], _ path: String) -> CELValue? {
    var changed: [CELValue.Entry]?
    for (index, entry) in entries.enumerated() {
      guard case .string(let name) = entry.key,
        let other = masked(entry.value, name, below(path, name))
      else { continue }
      if changed == nil { changed = entries }
      changed?[index].value = other
    }
    return changed.map { .map($0) }
  }

  /// The first letters of the `credentials` of each length, a bit for each letter, so that hardly
  /// any other name is looked at closely.
  private static let firstLetters = {
    var letters = InlineArray<32, UInt32>(repeating: 0)
    for name in credentials { letters[name.utf8.count] |= letter(name.utf8.first ?? 0) }
    return letters
  }()

  /// A bit for a letter in either case.
  private static func letter(_ octet: UInt8) -> UInt32 { 1 << UInt32(octet & 0x1F) }

  private static func isCredential(_ name: String) -> Bool {
    guard mayBeCredential(name.utf8Span.span) else { return false }
    return credentials.contains(
      String(name.lowercased().map { $0 == "-" ? "_" : $0 }))
  }

  private static func mayBeCredential(_ name: Span<UInt8>) -> Bool {
    guard !name.isEmpty else { return false }
    if name.count < firstLetters.count, firstLetters[name.count] & letter(name[0]) != 0 {
      return true
    }
    // Letters outside ASCII may become ASCII in lower case, and fewer or more octets.
    for place in name.indices where name[place] >= 0x80 { return true }
    return false
  }
}
