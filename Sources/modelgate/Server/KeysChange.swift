#if CLI && Server
  import ArgumentParser
  import Authentication
  import CEL

  /// `modelgate keys list`.
  struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the API keys, without their secrets.",
      discussion: UsersHelp.statuses)

    @OptionGroup var keys: KeysFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        let (all, now) = (try keys.file.read().keys, System.milliseconds())
        switch format.format {
        case .text:
          console.table(
            ["ID", "NAME", "OWNER", "STATE", "EXPIRES", "ROLES", "BACKEND ROLES"],
            all.map { key in
              [
                key.id, key.name, key.owner, Self.state(key, now),
                key.expires.map(Self.time) ?? "never",
                key.roles?.joined(separator: ",") ?? "the owner's",
                (key.backendRoles ?? (key.roles == nil ? nil : []))?.joined(separator: ",")
                  ?? "the owner's",
              ]
            })
        case .json: console.document(document(all, now))
        }
      }
    }

    private static func state(_ key: APIKey, _ now: Int64) -> String {
      if key.revoked != nil { return "revoked" }
      return key.isValid(at: now) ? "valid" : "expired"
    }

    private static func time(_ milliseconds: Int64) -> String {
      Timestamp(seconds: milliseconds / 1_000, nanoseconds: 0)?.text ?? "\(milliseconds)"
    }

    private func document(_ keys: [APIKey], _ now: Int64) -> JSONWriter {
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      writer.name("items")
      writer.beginArray()
      for key in keys {
        writer.beginObject()
        writer.member("id", key.id)
        writer.member("name", key.name)
        writer.member("owner", key.owner)
        writer.member("state", Self.state(key, now))
        writer.member("created", key.created)
        if let expires = key.expires { writer.member("expires", expires) }
        if let roles = key.roles { writer.member("roles", roles) }
        if let roles = key.backendRoles { writer.member("backend_roles", roles) }
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      return writer
    }
  }

  /// `modelgate keys revoke`.
  struct KeysRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "revoke", abstract: "Let an API key work no more.",
      discussion: UsersHelp.statuses)

    @Argument(help: "The key's id.") var id: String
    @OptionGroup var keys: KeysFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        try keys.file.change { table throws(FileFault) in
          try table.revoke(id, at: System.milliseconds())
        }
        KeysAnswer.show("revoked API key \(id.shown)", console, format) { $0.member("id", id) }
      }
    }
  }

  /// `modelgate keys prune`.
  struct KeysPrune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Remove the API keys that have expired or were revoked.",
      discussion: UsersHelp.statuses)

    @OptionGroup var keys: KeysFileOptions
    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      try format.reportingFiles(console) {
        let count = try keys.file.change { table throws(FileFault) in
          table.prune(at: System.milliseconds())
        }
        KeysAnswer.show("removed \(plural(count, "API key"))", console, format) {
          $0.member("removed", count)
        }
      }
    }
  }

  private enum KeysAnswer {
    static func show(
      _ text: String, _ console: Console, _ format: FormatOptions,
      _ members: (inout JSONWriter) -> Void
    ) {
      guard format.format == .json else { return console.line(text) }
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      writer.beginObject()
      members(&writer)
      writer.endObject()
      console.document(writer)
    }
  }
#endif
