#if CLI
  import CEL

  extension Console {
    /// Columns as wide as what is in them; the last one is as wide as it likes.
    func table(_ titles: [String], _ rows: [[String]]) {
      let rows = rows.map { $0.map(\.shown) }
      guard !rows.isEmpty else { return line(style.faint("none")) }
      let widths = titles.indices.map { column in
        max(titles[column].count, rows.map { $0[column].count }.max() ?? 0)
      }
      func row(_ cells: [String]) -> String {
        cells.indices.map { column in
          column == cells.count - 1 ? cells[column] : cells[column].padded(to: widths[column] + 2)
        }.joined()
      }
      line(style.bold(row(titles)))
      for cells in rows { line(row(cells)) }
    }
  }

  extension JSONWriter {
    /// A member whose value is a list of texts.
    mutating func member(_ name: String, _ texts: [String]) {
      self.name(name)
      beginArray()
      for text in texts { value(text) }
      endArray()
    }

    /// A member that is left out if there is nothing to say.
    mutating func member(_ name: String, ifAny text: String?) {
      if let text { member(name, text) }
    }
  }
#endif
