#if CLI && Server
  import ArgumentParser
  import Authentication
  import CEL

  /// `modelgate users import`.
  struct UsersImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "import",
      abstract: "Take over the users of Elasticsearch or OpenSearch, with their passwords.",
      discussion: """
        Elasticsearch's file realm has `users` (name:hash a line) and `users_roles` (role:name,name a line). \
        OpenSearch's internal_users.yml must be JSON: convert it (`yq -o json`). What OpenSearch's REST API \
        answers has the same form, but without hashes: such users have no password until `modelgate users \
        passwd` sets one.

        Hashes must be bcrypt. All users are taken over, or none.

        \(UsersHelp.statuses)
        """)

    @Option(
      help: ArgumentHelp("Elasticsearch's `users`.", valueName: "file"), completion: .file())
    var elasticsearchUsers: String?

    @Option(
      help: ArgumentHelp("Elasticsearch's `users_roles`.", valueName: "file"), completion: .file())
    var usersRoles: String?

    @Option(
      help: ArgumentHelp(
        "OpenSearch's internal users, as JSON; may be repeated.", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var opensearchInternalUsers: [String] = []

    @Flag(help: "Put imported users in the place of those that have their names.")
    var replace = false

    @OptionGroup var users: UsersFileOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      if elasticsearchUsers == nil, opensearchInternalUsers.isEmpty {
        throw ValidationError("Give --elasticsearch-users or --opensearch-internal-users.")
      }
      if elasticsearchUsers == nil, usersRoles != nil {
        throw ValidationError("--users-roles needs --elasticsearch-users.")
      }
    }

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        var found: [ImportedUsers] = []
        if let elasticsearchUsers {
          found.append(
            try ImportedUsers(elasticsearchUsers: elasticsearchUsers, roles: usersRoles))
        }
        for path in opensearchInternalUsers {
          found.append(try ImportedUsers(openSearchInternalUsers: path))
        }
        let imported = found.flatMap(\.users)
        try users.file.change(ifAbsent: .create) { table throws(FileFault) in
          for user in imported {
            if replace, table[user.name] != nil { try table.remove(user.name) }
            try table.add(user)
          }
        }
        show(imported, found.flatMap(\.withoutPassword), console)
      }
    }

    private func show(_ imported: [User], _ withoutPassword: [String], _ console: Console) {
      guard format.format == .json else {
        console.line("imported \(plural(imported.count, "user"))")
        for name in withoutPassword {
          console.line("\(console.style.yellow("warning:")) \(name.shown) has no password yet")
        }
        return
      }
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("imported", imported.map(\.name))
      writer.member("without_password", withoutPassword)
      writer.endObject()
      console.document(writer)
    }
  }
#endif
