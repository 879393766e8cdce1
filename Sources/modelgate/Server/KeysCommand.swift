#if CLI && Server
  import ArgumentParser
  import Authentication
  import CEL

  /// `modelgate keys`: secrets of programs.
  struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "keys",
      abstract: "API keys of users: create, list, revoke.",
      discussion: """
        A key is a random secret with which a program calls as its owner, with all of the owner's roles or \
        some. Only the secret's digest is kept. A server takes a change over within a second.

        EXAMPLES
          modelgate keys create ci --owner alice --role viewer --expires-in 90d
          modelgate keys list
          modelgate keys revoke qL0sV5yZ4mB2c8R1xTgD
          modelgate keys prune

        \(UsersHelp.statuses)
        """,
      subcommands: [KeysCreate.self, KeysList.self, KeysRevoke.self, KeysPrune.self])
  }

  /// `--keys`.
  struct KeysFileOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The file of API keys. (default: api-keys.json beside the file of users)",
        valueName: "file"),
      completion: .file(extensions: ["json"]))
    var keys: String?

    @OptionGroup var users: UsersFileOptions

    var file: TableFile<KeyTable> {
      TableFile(keys ?? AuthenticationSettings.keysFile(beside: users.path))
    }
  }

  /// `modelgate keys create`.
  struct KeysCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Make an API key and show its secret, once.",
      discussion: """
        Without --role the key has all roles and backend roles that its owner has whenever it is used. With \
        --role it has those of them that are named, and no backend role but those of --backend-role.

        \(UsersHelp.statuses)
        """)

    @Argument(help: "What the key is for.") var name: String

    @Option(help: ArgumentHelp("The user whose key it is.", valueName: "user"))
    var owner: String

    @Option(help: ArgumentHelp("A role that is left to it; may be repeated.", valueName: "role"))
    var role: [String] = []

    @Option(
      help: ArgumentHelp("A backend role that is left to it; may be repeated.", valueName: "role"))
    var backendRole: [String] = []

    @Option(
      help: ArgumentHelp(
        "When it stops working: a number and s, m, h or d. (default: never)", valueName: "time"))
    var expiresIn: Lifetime?

    @OptionGroup var keys: KeysFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        let user = try keys.users.file.read().user(owner)
        try Self.expect(role, within: user.roles, "role", owner)
        try Self.expect(backendRole, within: user.backendRoles, "backend role", owner)
        let now = System.milliseconds()
        let isLimited = !role.isEmpty || !backendRole.isEmpty
        let fresh = APIKey.make(
          name: name, owner: owner, roles: isLimited ? role : nil,
          backendRoles: isLimited ? backendRole : nil, now: now,
          expires: expiresIn.map { now + $0.milliseconds })
        try keys.file.change(ifAbsent: .create) { table throws(FileFault) in
          try table.add(fresh.key)
        }
        show(fresh, console)
      }
    }

    private static func expect(
      _ names: [String], within all: [String], _ what: String, _ owner: String
    ) throws(FileFault) {
      for name in names where !all.contains(name) {
        throw FileFault(
          "no-such-role", "`\(owner)` has no \(what) `\(name)`",
          help: all.isEmpty ? nil : "there are \(all.map { "`\($0)`" }.joined(separator: ", "))")
      }
    }

    private func show(_ fresh: APIKey.Fresh, _ console: Console) {
      guard format.format == .json else {
        console.line("created API key \(fresh.key.id) of user \(owner.shown), shown once:")
        console.line("Authorization: ApiKey \(fresh.encoded)")
        return
      }
      // As Elasticsearch's create API key API answers.
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("id", fresh.key.id)
      writer.member("name", name)
      if let expires = fresh.key.expires { writer.member("expiration", expires) }
      writer.member("api_key", fresh.secret)
      writer.member("encoded", fresh.encoded)
      writer.endObject()
      console.document(writer)
    }
  }

  /// A number and a unit: `90d`.
  struct Lifetime: ExpressibleByArgument {
    let milliseconds: Int64

    init?(argument: String) {
      let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
      guard let unit = argument.last.flatMap({ units[$0] }),
        let number = Int64(argument.dropLast()), number > 0, number <= 1_000_000_000
      else { return nil }
      milliseconds = number * unit * 1_000
    }
  }
#endif
