#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// `modelgate settings`: what rules see of the site.
  struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "settings",
      abstract: "Settings of the registry, which rules see: list, set, unset.",
      discussion: """
        access_control_enabled  true or false: whether model groups bind callers. Unset: they do.
        license                 the site's licence, such as basic. Unset: the site has none.
        deployment_limit        how many deployments may run at once. Unset: any number.

        What was judged by the old value and has not taken effect is judged again.

        EXAMPLES
          modelgate settings list --as ines --roles superuser
          modelgate settings set access_control_enabled false --dry-run --as ines --roles superuser
          modelgate settings unset deployment_limit --as ines --roles superuser

        \(RegistryHelp.statuses)
        """,
      subcommands: [List.self, Set.self, Unset.self])

    struct List: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "List all settings.")
      @OptionGroup var registry: RegistryOptions

      func run() async throws {
        let open = try await OpenRegistry(registry, writes: false)
        try await open.run {
          let values = try await open.registry.read(ReadSettings(), by: open.subject)
          open.show {
            open.table(
              ["SETTING", "VALUE"],
              RegistrySetting.allCases.map { [$0.rawValue, values[$0] ?? "(not set)"] })
          } json: { writer in
            writer.beginObject()
            for setting in RegistrySetting.allCases {
              writer.member(setting.rawValue, ifAny: values[setting])
            }
            writer.endObject()
          }
        }
      }
    }

    struct Set: AsyncParsableCommand {
      static let configuration = CommandConfiguration(abstract: "Change a setting.")
      @Argument(help: "Which.") var setting: RegistrySetting
      @Argument(help: "What it shall be.") var value: String
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          ChangeSetting(setting, to: value), dryRun
        ) {
          RegistryAnswer(
            "\(setting.rawValue) is \(value.shown)",
            ["setting": setting.rawValue, "value": value])
        }
      }
    }

    struct Unset: AsyncParsableCommand {
      static let configuration = CommandConfiguration(
        abstract: "Remove a setting: what holds then stands in the help of `settings`.")
      @Argument(help: "Which.") var setting: RegistrySetting
      @OptionGroup var registry: RegistryOptions
      @OptionGroup var dryRun: DryRunOptions

      func run() async throws {
        try await OpenRegistry(registry, writes: true).perform(
          ChangeSetting(setting, to: nil), dryRun
        ) {
          RegistryAnswer("\(setting.rawValue) is not set", ["unset": setting.rawValue])
        }
      }
    }
  }
#endif
