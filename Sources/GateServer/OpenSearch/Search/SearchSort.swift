import CEL
import ModelRegistry

extension OpenSearch {
  /// By what results are sorted.
  struct SortField: Sendable {
    var path: String
    var isDescending: Bool
    var missingIsFirst = false

    /// Reads `"sort"`: a name, `{ name: "asc" }`, `{ name: { "order": … } }`, or a list of these.
    static func list(_ node: Int, _ reader: QueryReader) throws(ErrorBody) -> [SortField] {
      let body = reader.body
      guard body.tape.kind(of: node) == .array else { return try one(node, reader) }
      var fields: [SortField] = []
      for element in body.tape.children(of: node) { fields += try one(element, reader) }
      guard fields.count <= ServerLimits.sortFields else {
        throw .illegalArgument(
          "[sort] has [\(fields.count)] fields, [\(ServerLimits.sortFields)] are the most")
      }
      return fields
    }

    private static func one(_ node: Int, _ reader: QueryReader) throws(ErrorBody) -> [SortField] {
      let body = reader.body
      guard body.tape.kind(of: node) == .object else {
        let path = try body.text(node)
        return [try checked(SortField(path: path, isDescending: path == "_score"), reader, false)]
      }
      var fields: [SortField] = []
      for (path, value) in body.members(of: node) {
        var field = SortField(path: path, isDescending: path == "_score")
        var ignoresUnmapped = false
        if body.tape.kind(of: value) == .object {
          let options = try reader.options(
            "sort", value, ["order", "missing", "unmapped_type", "mode", "format"])
          if let order = options["order"] { field.isDescending = try isDescending(order, body) }
          if let missing = options["missing"] {
            field.missingIsFirst = try isFirst(try body.text(missing))
          }
          ignoresUnmapped = options["unmapped_type"] != nil
        } else {
          field.isDescending = try isDescending(value, body)
        }
        fields.append(try checked(field, reader, ignoresUnmapped))
      }
      return fields
    }

    private static func isDescending(_ node: Int, _ body: Body) throws(ErrorBody) -> Bool {
      switch try body.text(node).lowercased() {
      case "asc": return false
      case "desc": return true
      case let order: throw .illegalArgument("[order] must be [asc] or [desc], found [\(order)]")
      }
    }

    private static func isFirst(_ text: String) throws(ErrorBody) -> Bool {
      guard text == "_first" || text == "_last" else {
        throw .illegalArgument("[missing] must be [_first] or [_last], found [\(text)]")
      }
      return text == "_first"
    }

    private static func checked(
      _ field: SortField, _ reader: QueryReader, _ ignoresUnmapped: Bool
    ) throws(ErrorBody) -> SortField {
      if field.path == "_score" || field.path == "_doc" { return field }
      switch reader.schema.kind(field.path) {
      case .text:
        throw .illegalArgument(
          "[\(field.path)] is a text, which can't be sorted by; sort by [\(field.path).keyword]")
      case nil where !ignoresUnmapped:
        throw ErrorBody(
          400, "query_shard_exception", "No mapping found for [\(field.path)] in order to sort on")
      default: return field
      }
    }
  }

  /// Where a document stands among the results.
  struct SearchRank: Comparable, Sendable {
    /// What a document has of one field that is sorted by.
    enum Key: Sendable, Equatable {
      case missing
      case number(Double)
      case text(ExactText)

      init(_ values: [FieldValue], smallest: Bool) {
        let keys = values.map { value -> Key in
          switch value {
          case .number(let number): .number(number)
          case .flag(let flag): .number(flag ? 1 : 0)
          case .text(let text): .text(ExactText(text))
          }
        }
        // Of several values, the one that stands first in this order.
        self =
          (smallest ? keys.min { Self.isLess($0, $1) } : keys.max { Self.isLess($0, $1) })
          ?? .missing
      }

      static func isLess(_ one: Key, _ other: Key) -> Bool {
        switch (one, other) {
        case (.number(let one), .number(let other)): one < other
        case (.text(let one), .text(let other)): one < other
        case (.number, .text): true
        default: false
        }
      }
    }

    let keys: [Key]
    private let fields: [SortField]

    init(_ document: some Searchable, by fields: [SortField], _ schema: Schema) {
      self.fields = fields
      keys = fields.map { field in
        switch field.path {
        case "_score": .number(1)
        case "_doc": .number(0)
        default:
          schema.scope(field.path) == nil
            ? Key(document.values(of: field.path), smallest: !field.isDescending) : .missing
        }
      }
    }

    static func < (one: SearchRank, other: SearchRank) -> Bool {
      for (field, (left, right)) in zip(one.fields, zip(one.keys, other.keys)) {
        if left == right { continue }
        if left == .missing { return field.missingIsFirst }
        if right == .missing { return !field.missingIsFirst }
        return field.isDescending ? Key.isLess(right, left) : Key.isLess(left, right)
      }
      return false
    }

    static func == (one: SearchRank, other: SearchRank) -> Bool { one.keys == other.keys }
  }
}
