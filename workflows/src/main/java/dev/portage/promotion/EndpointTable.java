package dev.portage.promotion;

import dev.portage.live.LiveState;
import dev.portage.live.LiveStates;
import dev.portage.release.Release;
import dev.portage.text.Line;
import dev.portage.text.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where what is live takes requests, and whether it answered them when it went live. */
final class EndpointTable {

  static final List<String> HEAD = List.of("workspace", "endpoint", "takes requests at", "state");

  private EndpointTable() {}

  /** A row for each release whose endpoint says where it is asked. */
  static List<List<Line>> rows(List<Release> releases) {
    List<List<Line>> rows = new ArrayList<>();
    for (Release release : releases) {
      LiveState endpoint = LiveStates.endpointOf(release);
      String address = endpoint == null ? null : LiveStates.endpointAddress(endpoint);
      if (endpoint != null && address != null) {
        rows.add(
            List.of(
                Line.text(release.workspace()),
                Line.text(Objects.requireNonNullElse(LiveStates.endpointName(endpoint), "")),
                Line.empty().and(new Span.Code(address)),
                Line.text(
                    Objects.requireNonNullElse(LiveStates.endpointReady(endpoint), "unknown"))));
      }
    }
    return rows;
  }
}
