package dev.portage.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * What was left out of a document as wrong.
 *
 * @param values JSON pointers of the values
 * @param doubted JSON pointers of maps in which anything that is missing may be misspelled
 */
record LeftOut(Set<String> values, Set<String> doubted) {

  static final LeftOut NOTHING = new LeftOut(Set.of(), Set.of());

  LeftOut {
    values = Set.copyOf(values);
    doubted = Set.copyOf(doubted);
  }

  /** With further values of a document; those of a list are the whole list. */
  LeftOut and(JsonNode root, Collection<String> pointers) {
    Set<String> all = new HashSet<>(values);
    for (String pointer : pointers) {
      String whole = pointer;
      while (!whole.isEmpty() && root.at(parent(whole)).isArray()) {
        whole = parent(whole);
      }
      all.add(whole);
    }
    return new LeftOut(all, doubted);
  }

  LeftOut doubting(String parent) {
    Set<String> all = new HashSet<>(doubted);
    all.add(parent);
    return new LeftOut(values, all);
  }

  boolean isEverything() {
    return values.contains("");
  }

  /** A document's content without what this has more than another. */
  JsonNode without(JsonNode root, LeftOut before) {
    JsonNode rest = root.deepCopy();
    for (String pointer : values) {
      if (!before.values.contains(pointer)
          && !pointer.isEmpty()
          && rest.at(parent(pointer)) instanceof ObjectNode map) {
        map.remove(key(pointer));
      }
    }
    return rest;
  }

  /** Whether a value was left out, alone or with what it is part of. */
  boolean contains(String pointer) {
    return values.stream().anyMatch(value -> isWithin(pointer, value));
  }

  /** Whether nothing of a value was left out, and where it is missing, whether it surely is. */
  boolean knows(JsonNode root, String pointer) {
    return values.stream().noneMatch(value -> isWithin(value, pointer) || isWithin(pointer, value))
        && !mayBeMisspelled(root, pointer);
  }

  private boolean mayBeMisspelled(JsonNode root, String pointer) {
    for (String at = pointer; !at.isEmpty(); at = parent(at)) {
      if (root.at(at).isMissingNode() && doubted.contains(parent(at))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWithin(String inner, String outer) {
    return inner.equals(outer) || inner.startsWith(outer + "/");
  }

  private static String parent(String pointer) {
    return pointer.substring(0, pointer.lastIndexOf('/'));
  }

  private static String key(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }
}
