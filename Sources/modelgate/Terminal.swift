#if CLI
  import CEL

  /// Colours, or none.
  struct Style {
    /// Whether text is coloured.
    let isOn: Bool

    /// For what is written to a descriptor: https://no-color.org and https://bixense.com/clicolors.
    init(for descriptor: Int32) {
      func isSet(_ name: String) -> Bool { !(System.environment(name) ?? "").isEmpty }
      if isSet("NO_COLOR") {
        isOn = false
      } else if isSet("CLICOLOR_FORCE"), System.environment("CLICOLOR_FORCE") != "0" {
        isOn = true
      } else {
        isOn = System.isTerminal(descriptor) && System.environment("TERM") != "dumb"
      }
    }

    func bold(_ text: String) -> String { sgr("1", text) }
    func faint(_ text: String) -> String { sgr("2", text) }
    func red(_ text: String) -> String { sgr("1;31", text) }
    func green(_ text: String) -> String { sgr("1;32", text) }
    func yellow(_ text: String) -> String { sgr("1;33", text) }
    func cyan(_ text: String) -> String { sgr("36", text) }

    private func sgr(_ code: String, _ text: String) -> String {
      isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
  }

  /// Where the command writes: buffered standard output, and standard error at once.
  final class Console {
    let style = Style(for: System.standardOutput)
    let errorStyle = Style(for: System.standardError)
    /// Columns of the terminal, if standard output is one.
    let width =
      System.isTerminal(System.standardOutput) ? System.width(System.standardOutput) ?? 80 : nil
    private var buffer: [UInt8] = []

    /// Writes text and a line end to standard output.
    func line(_ text: String = "") {
      buffer.append(contentsOf: text.utf8)
      buffer.append(0x0A)
      if buffer.count >= 1 << 16 { flush() }
    }

    /// Writes a text behind a start, broken at spaces to fit the terminal; in a pipe, as one line.
    /// The start may be coloured: it takes `column` columns, and later lines begin there unless
    /// `indent` says otherwise.
    func paragraph(
      _ start: String, column: Int, indent: Int? = nil, _ text: String,
      as colored: (String) -> String = { $0 }
    ) {
      guard let width else { return line(start + colored(text)) }
      let margin = String(repeating: " ", count: indent ?? column)
      var (shown, used) = (start, column)
      var words = ""
      for word in text.split(separator: " ", omittingEmptySubsequences: false) {
        if !words.isEmpty, used + words.count + 1 + word.count > width {
          line(shown + colored(words))
          (shown, used, words) = (margin, margin.count, "")
        }
        words += words.isEmpty ? String(word) : " \(word)"
      }
      line(shown + colored(words))
    }

    /// Whether so many columns fit in one line.
    func fits(_ columns: Int) -> Bool { width.map { columns <= $0 } ?? true }

    /// Writes a JSON document and a line end to standard output.
    func document(_ writer: JSONWriter) {
      buffer.append(contentsOf: writer.bytes)
      buffer.append(0x0A)
      if buffer.count >= 1 << 16 { flush() }
    }

    /// Writes a text that ends its own lines to standard output.
    func text(_ text: String) {
      buffer.append(contentsOf: text.utf8)
      if buffer.count >= 1 << 16 { flush() }
    }

    /// Writes a line to standard error, after all that came before it.
    func error(_ text: String) {
      flush()
      // There is nobody to tell that standard error is gone.
      try? System.write(Array("\(text)\n".utf8), to: System.standardError)
    }

    /// Standard output is complete up to here. An answer that can't be written must not end as
    /// success.
    func flush() {
      guard !buffer.isEmpty else { return }
      do throws(System.Refusal) {
        try System.write(buffer, to: System.standardOutput)
      } catch {
        let text = "error: standard output can't be written: \(error.message)\n"
        try? System.write(Array(text.utf8), to: System.standardError)
        System.end(1)
      }
      buffer.removeAll(keepingCapacity: true)
    }
  }

  extension String {
    /// Text that somebody else wrote, made harmless for a terminal and kept on one line.
    var shown: String { replacingControls() }

    /// At most `count` characters.
    func shortened(to count: Int) -> String {
      self.count <= count ? self : prefix(max(0, count - 1)) + "…"
    }

    /// Filled with spaces on the right.
    func padded(to width: Int) -> String {
      self + String(repeating: " ", count: max(0, width - count))
    }
  }
#endif
