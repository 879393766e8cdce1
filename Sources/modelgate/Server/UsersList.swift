#if CLI && Server
  import ArgumentParser
  import Authentication
  import CEL

  /// `modelgate users list`.
  struct UsersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the users.",
      discussion: """
        A password is `scrypt`, or `old` if its hash was imported or is weaker than new ones are: \
        `modelgate users passwd` makes it new. Hashes are not shown.

        \(UsersHelp.statuses)
        """)

    @OptionGroup var users: UsersFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        let all = try users.file.read().users
        switch format.format {
        case .text:
          console.table(
            ["NAME", "STATE", "PASSWORD", "ROLES", "BACKEND ROLES", "FULL NAME"],
            all.map { user in
              [
                user.name, Self.state(user), Self.password(user),
                user.roles.joined(separator: ","), user.backendRoles.joined(separator: ","),
                user.fullName ?? "",
              ]
            })
        case .json: console.document(document(all))
        }
      }
    }

    private static func state(_ user: User) -> String { user.isEnabled ? "enabled" : "disabled" }

    private static func password(_ user: User) -> String {
      user.passwordHash.map { $0.isWeak ? "old" : "scrypt" } ?? "none"
    }

    private func document(_ users: [User]) -> JSONWriter {
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.name("items")
      writer.beginArray()
      for user in users {
        writer.beginObject()
        writer.member("name", user.name)
        writer.member("enabled", user.isEnabled)
        writer.member("password", Self.password(user))
        writer.member("roles", user.roles)
        writer.member("backend_roles", user.backendRoles)
        writer.member("full_name", ifAny: user.fullName)
        if !user.runAs.isEmpty { writer.member("run_as", user.runAs) }
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      return writer
    }
  }
#endif
