#if CLI && Server
  import ArgumentParser
  import Authentication

  /// `modelgate users`: who may call.
  struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "users",
      abstract: "Who may call the server: add, change, remove, list and import users.",
      discussion: """
        Users are kept in a JSON file that only its owner may read: passwords as salted, slow hashes \
        (scrypt), never themselves. A server takes a change over within a second.

        EXAMPLES
          modelgate users add alice --role machine_learning_admin
          modelgate users add bob --backend-role analyst --generate
          printf '%s' "$PASSWORD" | modelgate users passwd bob --password-stdin
          modelgate users disable bob
          modelgate users list --format json
          modelgate users import --elasticsearch-users users --users-roles users_roles

        \(UsersHelp.statuses)
        """,
      subcommands: [
        UsersAdd.self, UsersPasswd.self, UsersEnable.self, UsersDisable.self, UsersRemove.self,
        UsersList.self, UsersImport.self,
      ])
  }

  /// What the help of every command on users and keys says.
  enum UsersHelp {
    static let statuses = """
      EXIT STATUS
        0   done
        1   it can't be done, or the file can't be used
        64  wrong usage
      """
  }

  /// `--users`.
  struct UsersFileOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "The file of users. (default: $MODELGATE_USERS, or users.json)", valueName: "file"),
      completion: .file(extensions: ["json"]))
    var users: String?

    var path: String { users ?? System.environment("MODELGATE_USERS") ?? "users.json" }

    var file: TableFile<UserTable> { TableFile(path) }
  }

  extension FormatOptions {
    /// Does something with a file of users or keys; if that fails, says why and ends the command.
    func reportingFiles(_ console: Console, _ body: () throws -> Void) throws {
      let findings: [Finding]
      do {
        try body()
        return console.flush()
      } catch let fault as FileFault {
        findings =
          fault.diagnostics.map { Finding($0) } + [
            Finding(fault.code, fault.message, help: fault.help)
          ]
      } catch let fault as PasswordFault {
        findings = [Finding("invalid-password", fault.description)]
      } catch let refusal as System.Refusal {
        findings = [Finding("unreadable", refusal.message)]
      }
      console.report(findings, as: format, pretty: pretty)
      console.flush()
      throw ExitCode(Status.unusable)
    }
  }
#endif
