extension OpenAPI {
  /// The form of all other texts.
  static let otherSchemas = #"""
    {
     "ConsoleError": {
      "type": "object",
      "required": ["error"],
      "properties": {
       "error": {
        "type": "object",
        "required": ["code", "message"],
        "properties": {
         "code": {"type": "string", "description": "A stable name."},
         "message": {"type": "string"},
         "help": {"type": "string", "description": "What to do about it."},
         "reasons": {"type": "array", "items": {"type": "object"}},
         "diagnostics": {"type": "array", "items": {"$ref": "#/components/schemas/Diagnostic"}}
        }
       }
      }
     },
     "Diagnostic": {
      "type": "object",
      "required": ["code", "severity", "message", "file", "line", "column"],
      "properties": {
       "code": {"type": "string"},
       "severity": {"type": "string"},
       "message": {"type": "string"},
       "help": {"type": "string"},
       "file": {"type": "string"},
       "line": {"type": "integer"},
       "column": {"type": "integer"}
      }
     },
     "Policies": {
      "type": "object",
      "required": ["revision", "since", "documents"],
      "properties": {
       "revision": {"type": "string"},
       "since": {"type": "string", "format": "date-time"},
       "files": {"type": "integer"},
       "rules": {"type": "integer"},
       "roles": {"type": "integer"},
       "documents": {
        "type": "array",
        "items": {
         "type": "object",
         "required": ["policy"],
         "properties": {"policy": {"type": "string"}, "rules": {"type": "integer"}}
        }
       },
       "warnings": {"type": "array", "items": {"$ref": "#/components/schemas/Diagnostic"}},
       "last_failure": {"type": ["object", "null"]}
      }
     },
     "Reloaded": {
      "type": "object",
      "required": ["revision", "changed"],
      "properties": {
       "revision": {"type": "string"},
       "changed": {"type": "boolean"},
       "files": {"type": "integer"},
       "entities": {"type": "integer"}
      }
     },
     "DirectoryState": {
      "type": "object",
      "required": ["revision", "files", "entities"],
      "properties": {
       "revision": {"type": "string"},
       "files": {"type": "integer"},
       "entities": {"type": "integer"},
       "last_failure": {"type": ["object", "null"]}
      }
     },
     "LogHead": {
      "type": "object",
      "required": ["sequence", "hash"],
      "properties": {"sequence": {"type": "integer"}, "hash": {"type": "string"}}
     },
     "LogHeads": {
      "type": "object",
      "required": ["start", "head"],
      "properties": {
       "start": {"$ref": "#/components/schemas/LogHead"},
       "head": {"$ref": "#/components/schemas/LogHead"}
      }
     },
     "LogPage": {
      "type": "object",
      "required": ["head", "entries", "next"],
      "properties": {
       "head": {"$ref": "#/components/schemas/LogHead"},
       "entries": {
        "type": "array",
        "items": {
         "type": "object",
         "required": ["sequence", "hash", "record"],
         "properties": {
          "sequence": {"type": "integer"},
          "hash": {"type": "string"},
          "record": {"type": "object"}
         }
        }
       },
       "next": {"type": ["integer", "null"]}
      }
     },
     "Status": {
      "type": "object",
      "required": ["status"],
      "properties": {
       "status": {"type": "string"},
       "missing": {"type": "array", "items": {"type": "string"}}
      }
     },
     "Health": {
      "type": "object",
      "required": ["status"],
      "properties": {
       "status": {"type": "string"},
       "version": {"type": "string"},
       "policies": {"type": "object"},
       "directory": {"type": "object"},
       "store": {"type": "object"},
       "log": {"type": "object"},
       "problems": {
        "type": "array",
        "description": "Files of users, keys and certificates that changed and can't be used: what was read before is in force.",
        "items": {"type": "string"}
       }
      }
     },
     "RestError": {
      "type": "object",
      "properties": {
       "error": {
        "anyOf": [
         {"type": "string"},
         {
          "type": "object",
          "required": ["type", "reason"],
          "properties": {
           "type": {"type": "string"},
           "reason": {"type": ["string", "null"]},
           "root_cause": {"type": "array", "items": {"type": "object"}}
          }
         }
        ]
       },
       "status": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
       "message": {"type": "string"}
      }
     }
    }
    """#
}
