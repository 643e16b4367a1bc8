package dev.portage.localworkspace.calls;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** Breaks the connection of an exchange, as a network failure does. */
public final class Connections {
  private Connections() {}

  /** Closes the connection under an answer. */
  public static void abort(Context context) {
    ServletContextRequest request = ServletContextRequest.getServletContextRequest(context.req());
    request.getConnectionMetaData().getConnection().getEndPoint().close();
  }
}
