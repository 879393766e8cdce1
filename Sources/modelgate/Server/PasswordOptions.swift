#if CLI && Server
  import ArgumentParser
  import Authentication

  /// Where a password comes from: standard input, the generator, or whoever sits at the terminal.
  /// Never from an argument, which everybody on the machine could read.
  struct PasswordOptions: ParsableArguments {
    @Flag(help: "Read the password from standard input: one line.")
    var passwordStdin = false

    @Flag(help: "Make a random password and show it once.")
    var generate = false

    func validate() throws {
      if passwordStdin, generate {
        throw ValidationError("--password-stdin and --generate exclude each other.")
      }
    }

    struct Choice {
      let bytes: [UInt8]
      /// To be shown, if it was made here.
      var generated: String?
    }

    /// The password, or an end of the command that says how to give one.
    func choose(_ console: Console, _ format: FormatOptions) throws -> Choice {
      if generate {
        let text = PasswordHash.randomPassword()
        return Choice(bytes: Array(text.utf8), generated: text)
      }
      if passwordStdin { return try fromInput() }
      guard System.isTerminal(System.standardInput) else {
        console.report(
          [
            Finding(
              "no-password", "there is no terminal to ask for a password",
              help: "`--password-stdin` reads it from standard input, `--generate` makes one")
          ], as: format.format, pretty: format.pretty)
        console.flush()
        throw ExitCode.validationFailure
      }
      let first = try System.secret(prompt: "Password: ")
      guard try System.secret(prompt: "Again: ") == first else {
        throw FileFault("passwords-differ", "the two passwords differ", help: "try again")
      }
      return Choice(bytes: first)
    }

    /// One line; its end is not part of the password.
    private func fromInput() throws -> Choice {
      let limit = AuthenticationLimits.passwordBytes + 2
      var bytes: [UInt8] = []
      let input = try InputFile("-")
      while bytes.count <= limit, try input.read(limit, onto: &bytes) > 0 {}
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      guard !bytes.contains(UInt8(ascii: "\n")) else {
        throw FileFault("invalid-password", "standard input holds more than one line")
      }
      return Choice(bytes: bytes)
    }
  }
#endif
