#if CLI
  import ArgumentParser

  /// The command line. Each subcommand has a file of its own.
  struct ModelGate: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
      commandName: "modelgate",
      abstract: "Decide who may do what to a registry of machine-learning models, and say why.",
      discussion: """
        Rules are JSON files with conditions in CEL; a set of them is a folder. Requests and answers are \
        AuthZEN 1.0.

        EXAMPLES
          modelgate check request.json --policies policies --explain
          modelgate policies --examples
          modelgate test --coverage --report junit=report.xml
          modelgate eval 'user.age >= 18' --vars vars.json

        COMPLETION
          modelgate --generate-completion-script bash > modelgate.bash
          prints a script for your shell (bash, zsh or fish): source it, or put it
          where the shell looks for completions.

        COLOURS
          Only on a terminal. NO_COLOR=1 and TERM=dumb switch them off,
          CLICOLOR_FORCE=1 switches them on.
        """,
      version: "modelgate \(version)",
      subcommands: [
        AuditCommand.self, Check.self, DiffCommand.self, Eval.self, ImportCommand.self,
        LintCommand.self, Policies.self,
        ReplayCommand.self, Test.self,
      ] + registry + server)

    #if SQLite
      private static var registry: [any ParsableCommand.Type] {
        [
          Models.self, Aliases.self, Deployments.self, Pipelines.self, Groups.self,
          SettingsCommand.self, WhoCan.self, WhatCan.self, LogCommand.self, StoreCommand.self,
        ]
      }
    #else
      /// Without the store there is no registry to work on.
      private static var registry: [any ParsableCommand.Type] { [] }
    #endif

    #if SQLite && Server
      private static var server: [any ParsableCommand.Type] {
        [Serve.self, UsersCommand.self, KeysCommand.self]
      }
    #elseif Server
      private static var server: [any ParsableCommand.Type] {
        [UsersCommand.self, KeysCommand.self]
      }
    #else
      /// Without its packages there is no server.
      private static var server: [any ParsableCommand.Type] { [] }
    #endif
  }
#else
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #else
    import Darwin
  #endif

  /// What is left of the command line when its trait is switched off.
  @main
  enum ModelGate {
    static func main() {
      print("modelgate was built without its command line: build it with `--traits CLI`")
      exit(64)
    }
  }
#endif
