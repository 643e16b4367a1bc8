import io.delta.sql.parser.DeltaSqlParser;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Makes a catalog known to Spark when a statement first names it: {@code USE CATALOG dev}, {@code
 * CREATE CATALOG IF NOT EXISTS dev}. Spark itself has to be told of each beforehand, and cannot
 * create one.
 *
 * <p>Parameters of a statement, {@code spark.sql("… :name", args=…)}, pass by Delta Lake's parser,
 * which drops them (4.4.0): Spark's own is asked first.
 */
public final class WorkspaceCatalogs extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
  private static final Pattern STATEMENT =
      Pattern.compile(
          "(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(USE|SET|CREATE)\\s+CATALOG\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?['`]?([A-Za-z0-9_-]+)['`]?.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final String KNOWN = "spark.sql.catalog.";
  private static final String NOTHING = "SELECT 1 AS created WHERE false";

  /** Spark's own word for USE CATALOG. */
  private static final String SET = "SET CATALOG ";

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectParser((session, parser) -> listening((SparkSession) session, parser));
    return BoxedUnit.UNIT;
  }

  private static ParserInterface listening(SparkSession session, ParserInterface parser) {
    return (ParserInterface)
        Proxy.newProxyInstance(
            WorkspaceCatalogs.class.getClassLoader(),
            new Class<?>[] {ParserInterface.class},
            (_, method, arguments) -> {
              boolean isStatement =
                  method.getReturnType() == LogicalPlan.class
                      && arguments != null
                      && arguments[0] instanceof String;
              if (isStatement) {
                arguments[0] = heard(session, (String) arguments[0]);
              }
              if (isStatement && arguments.length > 1 && parser instanceof DeltaSqlParser delta) {
                try {
                  return called(method, delta.delegate(), arguments);
                } catch (ParseException statementOfDelta) {
                  return called(method, parser, arguments);
                }
              }
              return called(method, parser, arguments);
            });
  }

  private static Object called(Method method, ParserInterface parser, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(parser, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Makes the catalog known that a statement names, and returns what Spark is to run. */
  private static String heard(SparkSession session, String statement) {
    Matcher named = STATEMENT.matcher(statement);
    if (!named.matches()) {
      return statement;
    }
    String key = KNOWN + named.group(2);
    if (session.sessionState().conf().getConfString(key, null) == null) {
      String tables = session.sessionState().conf().getConfString(KNOWN + "main.tables");
      session.sessionState().conf().setConfString(key, "WorkspaceCatalog");
      session.sessionState().conf().setConfString(key + ".tables", tables);
    }
    return named.group(1).equalsIgnoreCase("CREATE") ? NOTHING : SET + "`" + named.group(2) + "`";
  }
}
