package dev.portage.localworkspace.files;

import dev.portage.localworkspace.calls.ApiCall;
import dev.portage.localworkspace.protocol.ApiRefusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All places that hold files, by the prefix of their paths. */
final class Places {
  private final Map<String, FilePlaces> byName = new LinkedHashMap<>();

  Places(List<FilePlaces> places) {
    places.forEach(place -> byName.put(place.name(), place));
  }

  /** The place of a request's path, where the caller may do this. */
  FilePath judged(ApiCall call, String base, boolean writes) {
    String raw = call.exchange().req().getRequestURI().substring(base.length());
    List<String> parts = new ArrayList<>();
    for (String part : raw.split("/", -1)) {
      // A plus sign is a plus sign in a path; only in a query it is a space.
      parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
    return judged(call, parts, writes);
  }

  /** The place of a path in a body, where the caller may do this. */
  FilePath judgedText(ApiCall call, String text, boolean writes) {
    return judged(call, new ArrayList<>(List.of(text.split("/", -1))), writes);
  }

  private FilePath judged(ApiCall call, List<String> parts, boolean writes) {
    checked(parts);
    FilePlaces place = place(parts);
    FilePath path = place.find(parts);
    place.judge(path, call.caller(), writes);
    return path;
  }

  /** The place of a path that was judged before, such as {@code Volumes/main/default/data/x}. */
  FilePath known(String text) {
    List<String> parts = new ArrayList<>(List.of(text.split("/", -1)));
    checked(parts);
    return place(parts).find(parts);
  }

  private FilePlaces place(List<String> parts) {
    FilePlaces place = parts.isEmpty() ? null : byName.get(parts.getFirst());
    if (place == null) {
      throw ApiRefusal.invalidParameter(
          "The path must start with "
              + byName.keySet().stream()
                  .map(name -> "/" + name + "/")
                  .collect(Collectors.joining(" or "))
              + ", not '/"
              + String.join("/", parts)
              + "'");
    }
    return place;
  }

  private static void checked(List<String> parts) {
    if (!parts.isEmpty() && parts.getFirst().isEmpty()) {
      parts.removeFirst();
    }
    if (!parts.isEmpty() && parts.getLast().isEmpty()) {
      parts.removeLast();
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.equals(".")
          || part.equals("..")
          || part.indexOf('/') >= 0
          || part.indexOf('\0') >= 0) {
        throw ApiRefusal.invalidParameter(
            "The path has a part that is not allowed: '" + part + "'");
      }
    }
  }
}
