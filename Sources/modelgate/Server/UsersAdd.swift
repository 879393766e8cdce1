#if CLI && Server
  import ArgumentParser
  import Authentication
  import CEL

  /// `modelgate users add`.
  struct UsersAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add", abstract: "Add a user. The file is made if there is none.",
      discussion: """
        EXAMPLES
          modelgate users add alice --role superuser --full-name 'Alice Arnold'
          printf '%s' "$PASSWORD" | modelgate users add ci --password-stdin
          modelgate users add gateway --run-as alice --run-as bob --no-password

        A user without a password is known by a certificate alone. --run-as takes exact names, and no pattern.

        \(UsersHelp.statuses)
        """)

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var users: UsersFileOptions

    @Option(help: ArgumentHelp("A role of the policies; may be repeated.", valueName: "role"))
    var role: [String] = []

    @Option(
      help: ArgumentHelp(
        "A group of the organization, which policies may map to roles; may be repeated.",
        valueName: "role"))
    var backendRole: [String] = []

    @Option(help: ArgumentHelp("The user's full name.", valueName: "name"))
    var fullName: String?

    @Option(
      help: ArgumentHelp("A user whom this one may act as; may be repeated.", valueName: "user"))
    var runAs: [String] = []

    @OptionGroup var password: PasswordOptions

    @Flag(help: "The user has no password.")
    var noPassword = false

    @OptionGroup var format: FormatOptions

    func validate() throws {
      if noPassword, password.passwordStdin || password.generate {
        throw ValidationError("--no-password goes with neither --password-stdin nor --generate.")
      }
    }

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        // Before anybody is asked for a password that could not be used.
        var user = User(
          name: name, roles: role, backendRoles: backendRole, fullName: fullName, runAs: runAs)
        try check(user)
        let chosen = noPassword ? nil : try password.choose(console, format)
        if let chosen { user.passwordHash = try PasswordHash.make(chosen.bytes) }
        try users.file.change(ifAbsent: .create) { table throws(FileFault) in try table.add(user) }
        UserAnswer(text: "added user \(name.shown)", user: name, generated: chosen?.generated)
          .show(console, format)
      }
    }

    private func check(_ user: User) throws(FileFault) {
      var table = UserTable()
      do throws(FileFault) {
        table = try users.file.read()
      } catch {
        guard error.code == "file-missing" else { throw error }
      }
      try table.add(user)
    }
  }

  /// What a command on a user tells: the password only if the command has made it.
  struct UserAnswer {
    let text: String
    let user: String
    var generated: String?

    func show(_ console: Console, _ format: FormatOptions) {
      guard format.format == .json else {
        console.line(text)
        if let generated { console.line("password: \(generated) (shown once)") }
        return
      }
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("user", user)
      writer.member("password", ifAny: generated)
      writer.endObject()
      console.document(writer)
    }
  }
#endif
