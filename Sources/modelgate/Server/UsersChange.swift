#if CLI && Server
  import ArgumentParser
  import Authentication

  /// `modelgate users passwd`.
  struct UsersPasswd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "passwd", abstract: "Set a user's password.",
      discussion: UsersHelp.statuses)

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var users: UsersFileOptions
    @OptionGroup var password: PasswordOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        _ = try users.file.read().user(name)
        let chosen = try password.choose(console, format)
        let hash = try PasswordHash.make(chosen.bytes)
        try users.file.change { table throws(FileFault) in
          var user = try table.user(name)
          user.passwordHash = hash
          try table.replace(user)
        }
        UserAnswer(
          text: "set the password of user \(name.shown)", user: name, generated: chosen.generated
        ).show(console, format)
      }
    }
  }

  /// `modelgate users enable`.
  struct UsersEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "enable", abstract: "Let a disabled user call again.",
      discussion: UsersHelp.statuses)

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var users: UsersFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try users.set(name, isEnabled: true, "enabled user \(name.shown)", format)
    }
  }

  /// `modelgate users disable`.
  struct UsersDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "disable", abstract: "Let a user, and the user's API keys, call no more.",
      discussion: UsersHelp.statuses)

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var users: UsersFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      try users.set(name, isEnabled: false, "disabled user \(name.shown)", format)
    }
  }

  /// `modelgate users remove`.
  struct UsersRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove", abstract: "Remove a user. The user's API keys work no more.",
      discussion: UsersHelp.statuses)

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var users: UsersFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        try users.file.change { table throws(FileFault) in try table.remove(name) }
        UserAnswer(text: "removed user \(name.shown)", user: name).show(console, format)
      }
    }
  }

  extension UsersFileOptions {
    fileprivate func set(
      _ name: String, isEnabled: Bool, _ text: String, _ format: FormatOptions
    ) throws {
      let console = Console()
      try format.reportingFiles(console) {
        try file.change { table throws(FileFault) in
          var user = try table.user(name)
          user.isEnabled = isEnabled
          try table.replace(user)
        }
        UserAnswer(text: text, user: name).show(console, format)
      }
    }
  }
#endif
