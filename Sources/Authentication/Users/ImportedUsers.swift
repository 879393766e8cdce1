#if Server
  import CEL
  import Foundation
  import PolicyEngine

  /// Users of other systems, as their files have them, with the hashes of their passwords.
  public struct ImportedUsers: Sendable {
    /// The users, in the order of the files.
    public private(set) var users: [User] = []
    /// Names of users whose hash the file did not tell: they have no password yet.
    public private(set) var withoutPassword: [String] = []

    /// Elasticsearch's `users` (`name:hash` a line) and `users_roles` (`role:name,name` a line).
    ///
    /// - Throws: `FileFault` with everything that is wrong; then nothing is imported.
    public init(elasticsearchUsers path: String, roles rolesPath: String?) throws(FileFault) {
      var lines = LineReader(path, try Self.bytes(path))
      for line in lines.lines {
        guard let (name, hash) = lines.sides(of: line, "name:hash") else { continue }
        add(name, hash, &lines, line)
      }
      try lines.finish()
      guard let rolesPath else { return }
      var roles = LineReader(rolesPath, try Self.bytes(rolesPath))
      for line in roles.lines {
        guard let (role, names) = roles.sides(of: line, "role:name,name") else { continue }
        if let fault = Naming.fault(role) { roles.report(line, "the role can't be used: \(fault)") }
        for name in names.split(separator: ",") {
          let name = name.trimmingCharacters(in: .whitespaces)
          guard let index = users.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) })
          else {
            roles.report(line, "there is no user `\(name)` in `\(path)`")
            continue
          }
          if !users[index].roles.contains(role) { users[index].roles.append(role) }
        }
      }
      try roles.finish()
    }

    private mutating func add(
      _ name: String, _ hash: String, _ lines: inout LineReader, _ line: LineReader.Line
    ) {
      if let fault = Naming.userFault(name) {
        lines.report(line, "the name can't be used: \(fault)")
      }
      if users.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
        lines.report(line, "the user `\(name)` is there twice")
      }
      do throws(PasswordFault) {
        users.append(User(name: name, passwordHash: try PasswordHash(hash)))
      } catch {
        lines.report(line, "the password of `\(name)` can't be taken over: \(error)")
      }
    }

    /// OpenSearch's `internal_users.yml`, converted to JSON. Its REST API gives the same form, but
    /// with empty hashes.
    ///
    /// - Throws: `FileFault` with everything that is wrong; then nothing is imported.
    public init(openSearchInternalUsers path: String) throws(FileFault) {
      var reader = try TableReader(try Self.bytes(path), file: path)
      for (name, key, node) in reader.entries(of: 0, "the file") where name != "_meta" {
        let known = [
          "hash", "reserved", "hidden", "static", "backend_roles", "attributes", "description",
          "opendistro_security_roles", "enabled", "service",
        ]
        guard let members = reader.members(of: node, "user", known: known) else { continue }
        if let fault = Naming.userFault(name) {
          reader.report("invalid-name", "`\(name)` can't be the name of a user: \(fault)", at: key)
        }
        var user = User(name: name)
        if let hash = members["hash"], reader.string(hash, "hash") != "" {
          user.passwordHash = reader.hash(hash)
        } else {
          withoutPassword.append(name)
        }
        user.roles = reader.names(
          members["opendistro_security_roles"], "opendistro_security_roles")
        user.backendRoles = reader.names(members["backend_roles"], "backend_roles")
        user.isEnabled = members["enabled"].map { reader.bool($0, "enabled") ?? false } ?? true
        for (name, key, value) in reader.entries(of: members["attributes"], "attributes") {
          user.attributes[name] = reader.attribute(name, key, value)
        }
        users.append(user)
      }
      try reader.finish()
    }

    private static func bytes(_ path: String) throws(FileFault) -> [UInt8] {
      guard let (bytes, _) = try PlainFile.read(path, limit: AuthenticationLimits.fileBytes) else {
        throw FileFault("file-missing", "there is no file `\(path)`")
      }
      return bytes
    }
  }

  /// Lines of `one:other`, with comments.
  private struct LineReader {
    struct Line {
      let number: Int
      let text: String
    }

    private let path: String
    private var diagnostics: [LoadDiagnostic] = []
    let lines: [Line]

    init(_ path: String, _ bytes: [UInt8]) {
      self.path = path
      let all = String(decoding: bytes, as: UTF8.self).split(
        omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      lines = all.enumerated().compactMap { index, text in
        let text = text.trimmingCharacters(in: .whitespaces)
        return text.isEmpty || text.hasPrefix("#") ? nil : Line(number: index + 1, text: text)
      }
    }

    /// Both sides of the first colon.
    mutating func sides(of line: Line, _ form: String) -> (String, String)? {
      let sides = line.text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        report(line, "the line is not `\(form)`")
        return nil
      }
      return (
        sides[0].trimmingCharacters(in: .whitespaces), sides[1].trimmingCharacters(in: .whitespaces)
      )
    }

    /// Without the line itself, which holds a hash.
    mutating func report(_ line: Line, _ message: String) {
      diagnostics.append(
        LoadDiagnostic(
          code: "invalid-line", message: message, help: nil,
          position: SourcePosition(file: path, line: line.number, column: 1)))
    }

    func finish() throws(FileFault) {
      guard diagnostics.isEmpty else { throw FileFault(invalid: path, diagnostics) }
    }
  }
#endif
