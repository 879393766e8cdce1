#if CLI
  import CEL
  import PolicyEngine

  extension Listing {
    /// All of it as one JSON object.
    func write(to writer: inout JSONWriter, revision: String, warnings: [Finding]) {
      writer.beginObject()
      writer.member("revision", revision)
      writer.member("files", files)
      writer.list("policies", policies)
      writer.array("rules", rules) { $1.write($0) }
      writer.array("definitions", definitions) { definition, writer in
        writer.member("name", definition.name)
        writer.optional("description", definition.description)
        writer.member("expression", definition.expression)
        writer.write(definition.position)
      }
      writer.array("roles", roles) { role, writer in
        writer.member("name", role.name)
        writer.optional("description", role.description)
        writer.list("privileges", role.privileges)
        writer.list("actions", role.actions)
        writer.list("roles", role.roles)
        writer.write(role.position)
      }
      writer.array("role_mappings", mappings) { mapping, writer in
        writer.member("role", mapping.role)
        writer.list("users", mapping.users)
        writer.list("backend_roles", mapping.backendRoles)
        writer.list("and_backend_roles", mapping.allBackendRoles)
        writer.write(mapping.position)
      }
      writer.array("privileges", privileges) { privilege, writer in
        writer.member("name", privilege.name)
        writer.optional("description", privilege.description)
        writer.list("actions", privilege.actions)
        writer.list("except", privilege.exceptions)
        writer.write(privilege.position)
      }
      writer.name("warnings")
      writer.beginArray()
      for warning in warnings { warning.write(to: &writer) }
      writer.endArray()
      writer.endObject()
    }
  }

  extension JSONWriter {
    fileprivate mutating func write(_ rule: Listing.Rule) {
      member("id", rule.id)
      member("policy", rule.policy)
      member("description", rule.description)
      optional("source", rule.source)
      member("effect", rule.effect.rawValue)
      member("stage", rule.stage.rawValue)
      member("mode", rule.mode.rawValue)
      if let actions = rule.actions { list("actions", actions) }
      if let types = rule.resourceTypes { list("resource_types", types) }
      optional("when", rule.when)
      optional("unless", rule.unless)
      member("examples", rule.examples)
      write(rule.position)
    }

    mutating func write(_ position: SourcePosition) {
      name("position")
      beginObject()
      member("file", position.file)
      member("line", position.line)
      member("column", position.column)
      endObject()
    }

    fileprivate mutating func optional(_ name: String, _ text: String?) {
      if let text { member(name, text) }
    }

    fileprivate mutating func list(_ name: String, _ texts: [String]) {
      self.name(name)
      beginArray()
      for text in texts { value(text) }
      endArray()
    }

    fileprivate mutating func array<Item>(
      _ name: String, _ items: [Item], _ write: (Item, inout JSONWriter) -> Void
    ) {
      self.name(name)
      beginArray()
      for item in items {
        beginObject()
        write(item, &self)
        endObject()
      }
      endArray()
    }
  }
#endif
