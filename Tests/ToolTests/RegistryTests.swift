#if SQLite
  import Foundation
  import Testing

  /// A registry worked on from the command line, as people type it: `Golden/registry-*.txt`.
  @Suite struct RegistryTests {
    static let admin = "--as alice --roles machine_learning_admin"
    static let user = "--as bob --roles machine_learning_user"
    static let user1 = "--as user1 --roles ml_full_access --backend-roles IT,HR"
    static let user2 = "--as user2 --roles ml_full_access --backend-roles IT"
    static let root = "--as ines --roles superuser"
    static let user3 = "--as user3 --roles ml_full_access --backend-roles Finance"

    static let stories: [(name: String, commands: [String])] = [
      (
        "aliases",
        [
          "models put delay-1 --inference-type regression --input-field a --input-field b \(admin)",
          "models put delay-2 --inference-type regression --input-field a --input-field c \(admin)",
          "models put delay-3 --inference-type regression --input-field x \(admin)",
          "models put ner --type pytorch --inference-type ner --definition policies/policy.schema.json \(admin)",
          "models put delay-1 \(admin)", "models put Bad! \(admin)",
          "aliases put flight_delay delay-1 \(admin)", "aliases put flight_delay delay-2 \(admin)",
          "aliases put flight_delay delay-2 --reassign --dry-run \(admin)",
          "aliases resolve flight_delay \(user)",
          "aliases put flight_delay delay-2 --reassign \(admin)",
          "aliases put flight_delay delay-3 --reassign \(admin)",
          "aliases put flight_delay ner --reassign --dry-run \(admin)",
          "aliases put flight_delay delay-1 --reassign \(user)",
          "aliases put flight_delay delay-1 --reassign --dry-run --format json \(user)",
          "aliases list \(user)", "aliases resolve flight_delay --format json \(user)",
          "models list \(user)", "models list --limit 2 \(user)",
          "models get flight_delay \(user)", "models get nothing \(user)",
          "who-can put-alias flight_delay=delay-1", "what-can \(user)",
          "what-can flight_delay=delay-1 --format json \(user)",
          "deployments start ner \(admin)",
          "deployments report ner --state started --running 1 \(admin)",
          "deployments list \(admin)", "models delete ner \(admin)",
          "deployments stop ner \(admin)", "deployments stop ner \(admin)",
          "aliases delete flight_delay delay-1 \(admin)",
          "models delete delay-3 \(admin)", "aliases list \(admin)",
        ]
      ),
      (
        "groups",
        [
          "groups register everybody --id everybody --access public \(user1)",
          "groups register mine --id mine \(user1)",
          "groups register fraud --id fraud --share-with IT \(user1)",
          "groups register fraud --id other \(user1)",
          "groups register theirs --id theirs --share-with Finance \(user1)",
          "groups register all --id all --share-with-all-mine --access restricted --format json \(user1)",
          "groups list \(user1)", "groups list \(user2)", "groups list \(user3)",
          "groups get mine \(user2)", "groups get fraud \(user2)",
          "groups update fraud --description 'card' --dry-run \(user3)",
          "groups update fraud --access public \(user1)",
          "groups delete mine \(user2)", "groups delete mine \(user1)",
          "groups delete mine \(user1)", "who-can get-group all",
          "what-can all \(user3)", "groups list --as nobody",
        ]
      ),
      (
        "group-models",
        [
          "groups register fraud --id fraud --share-with IT \(user1)",
          "groups register retired --id retired \(user1)",
          "groups models register card-net --group fraud --dry-run \(user1)",
          "groups models register card-net --group fraud --description second-try \(user1)",
          "groups models get MODEL \(user2)", "groups models get MODEL \(user3)",
          "groups models get MODEL --format json \(user1)",
          "groups models list --group fraud \(user2)", "groups models list \(user3)",
          "groups models list --name other \(user1)",
          "groups models register card-net --group fraud \(user3)",
          "groups models register card-net --group nowhere \(user1)",
          "groups models update MODEL --group retired --dry-run \(user2)",
          "groups models update MODEL --group retired --name old-net \(user1)",
          "groups models update MODEL \(user1)",
          "groups models deploy MODEL \(user1)",
          "groups models list --format json \(user1)", "groups delete retired \(user1)",
          "groups models undeploy MODEL \(user1)",
          "groups models delete MODEL --dry-run --format json \(user3)",
          "groups models delete MODEL \(user2)", "groups models delete MODEL \(user1)",
          "groups models delete MODEL \(user1)",
          "groups models register alone --access public --format json \(user1)",
          "groups models list --name alone --format json \(user1)", "groups models --help",
        ]
      ),
      (
        "site",
        [
          "settings list \(root)", "settings set license basic \(root)",
          "settings set deployment_limit 1 \(root)", "settings set deployment_limit many \(root)",
          "settings set access_control_enabled false --dry-run \(root)",
          "settings set nothing 1 \(root)", "settings list --format json \(root)",
          "settings set license gold \(user)", "settings unset license --dry-run \(user)",
          "settings unset license \(root)", "settings list \(root)", "settings list \(user3)",
          "models put ner --type pytorch --inference-type ner --definition policies/policy.schema.json \(admin)",
          "aliases put people ner \(admin)",
          "pipelines put extract people ner \(root)", "pipelines put other \(root)",
          "pipelines put secret people \(user)", "pipelines list \(root)",
          "pipelines list --naming people --format json \(root)",
          "models delete ner --dry-run \(admin)",
          "pipelines delete extract --dry-run \(root)", "pipelines delete extract \(root)",
          "pipelines delete extract \(root)", "aliases delete people ner \(admin)",
          "settings --help", "pipelines --help",
        ]
      ),
    ]

    /// Arguments are split at spaces; quotes are taken off.
    static func arguments(_ command: String) -> [String] {
      command.split(separator: " ").map { $0.replacingOccurrences(of: "'", with: "") }
    }

    static func folder() throws -> URL {
      let folder = try Tool.scratch()
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "policies"),
        withDestinationURL: Tool.root.appending(path: "policies"))
      return folder
    }

    @Test(arguments: stories.map(\.name))
    func aStoryIsAsItWasWrittenDown(_ name: String) throws {
      let story = try #require(Self.stories.first { $0.name == name })
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      // The registry chooses the ids of models in groups: `MODEL` is the one that it chose last.
      var model = "MODEL"
      let transcript = try story.commands.map { command in
        let arguments = Self.arguments(command).map { $0 == "MODEL" ? model : $0 }
        let run = try Tool.run(arguments, in: folder)
        if let made = run.output.firstMatch(of: /registered model (\w{20})/) {
          model = String(made.1)
        }
        return run.transcript(arguments)
      }.joined(separator: "\n").replacing(model, with: "MODEL")
        .replacing(/\b[0-9A-Za-z]{20}\b/, with: "<id>")
        .replacing(/(created|last_updated)_time":\d+/) { match in "\(match.output.1)_time\":<time>"
        }
      // Times and digests of policies differ from run to run and version to version.
      try Tool.check(
        golden: "registry-\(name)", transcript.replacing(/"now":[^,}]*/, with: #""now":<time>"#))
    }

    /// What the README shows is what happens.
    @Test func theReadmeIsTrue() throws {
      let readme = try String(contentsOf: Tool.root.appending(path: "README.md"), encoding: .utf8)
      let section = try #require(readme.split(separator: "## A registry behind it").last)
      let block = try #require(section.split(separator: "```console\n").dropFirst().first)
      let lines = try #require(block.split(separator: "```").first).split(separator: "\n")
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      var actual: [String] = []
      for line in lines where line.hasPrefix("$ modelgate ") {
        let run = try Tool.run(
          Self.arguments(String(line.dropFirst("$ modelgate ".count))), in: folder)
        actual.append(String(line))
        actual += (run.output + run.errors).split(separator: "\n").map(String.init)
      }
      #expect(actual.count > 20)
      #expect(actual.joined(separator: "\n") == lines.joined(separator: "\n"))
    }

    @Test func aDryRunChangesNothing() throws {
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      func run(_ command: String) throws -> Tool.Run {
        try Tool.run(Self.arguments(command), in: folder)
      }
      #expect(
        try run("models put m --inference-type regression --input-field a \(Self.admin)").status
          == 0)
      let before = try run("models list --format json \(Self.admin)").output
      for command in [
        "models put n --inference-type regression --input-field a --dry-run",
        "aliases put a m --dry-run", "models delete m --dry-run",
      ] {
        #expect(try run("\(command) \(Self.admin)").status == 0)
      }
      #expect(try run("models list --format json \(Self.admin)").output == before)
      #expect(try run("aliases list --format json \(Self.admin)").output == #"{"items":[]}"# + "\n")
    }

    /// The log that the registry keeps is the log that `replay` reads: under the same policies every
    /// decision is the same.
    @Test func theLogCanBeReplayed() throws {
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let story = try #require(Self.stories.first)
      for command in story.commands.prefix(16) {
        _ = try Tool.run(Self.arguments(command), in: folder)
      }
      let log = try Tool.run(Self.arguments("log export --data modelgate.db"), in: folder)
      #expect(log.status == 0)
      try Data(log.output.utf8).write(to: folder.appending(path: "log.ndjson"))
      let replay = try Tool.run(Self.arguments("replay log.ndjson"), in: folder)
      #expect(replay.status == 0)
      #expect(replay.output.contains("16 decisions: 16 the same"), "\(replay.output)")
    }

    @Test func whatCannotBeOpenedIsSaid() throws {
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let absent = try Tool.run(Self.arguments("models list \(Self.admin)"), in: folder)
      #expect(absent.status == 1)
      #expect(absent.errors.contains("modelgate.db"))
      #expect(absent.errors.contains("help: "))
      try Data("this is no database, but it is long enough to be one".utf8).write(
        to: folder.appending(path: "modelgate.db"))
      let other = try Tool.run(Self.arguments("models put m \(Self.admin)"), in: folder)
      #expect(other.status == 1)
      #expect(other.output.isEmpty)
    }

    @Test func otherPoliciesComeIntoForceOnlyWhenAskedFor() throws {
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      func run(_ command: String) throws -> Tool.Run {
        try Tool.run(Self.arguments(command), in: folder)
      }
      #expect(
        try run("models put m --inference-type regression --input-field a \(Self.admin)").status
          == 0)
      let other = "--policies policies/elasticsearch"
      let refused = try run(
        "models put n --inference-type regression --input-field a \(Self.admin) \(other)")
      #expect(refused.status == 1)
      #expect(refused.errors.contains("[other-policies]"))
      let activated = try run(
        "models put n --inference-type regression --input-field a --activate \(Self.admin) \(other)"
      )
      #expect(activated.status == 0)
      // Now the first ones are the others.
      #expect(try run("models list \(Self.admin)").status == 1)
    }
  }
#endif
