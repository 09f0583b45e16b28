package org.smg.history.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * The limit where there is no {@code pgbench}: bare JDBC clients that run its scripts. They know
 * what {@link PgbenchScripts} use of pgbench's language: random numbers, variables, the column of a
 * statement as a variable, and statements that are sent together.
 */
final class JdbcLoop implements Limit {

  private static final Pattern RANDOM =
      Pattern.compile("\\\\set (\\w+) random\\((\\d+), (\\d+)\\)\n");
  private static final Pattern VARIABLE = Pattern.compile("(?<!:):([a-z]\\w*)");
  private static final String COLUMN = "\\gset";
  private static final Pattern TOGETHER =
      Pattern.compile("\\\\startpipeline\n(.*)\\\\endpipeline\n", Pattern.DOTALL);

  private final DataSource database;
  private final Map<String, long[]> randoms = new HashMap<>();
  private final List<Round> rounds = new ArrayList<>();

  /**
   * One exchange with the database.
   *
   * @param sql one statement or more
   * @param parameters the variables that it takes, in order
   * @param column whether its answer is a variable, under the column's name
   */
  private record Round(String sql, List<String> parameters, boolean column) {}

  JdbcLoop(DataSource database, String script) {
    this.database = database;
    String statements = script;
    Matcher random = RANDOM.matcher(script);
    while (random.find()) {
      randoms.put(
          random.group(1),
          new long[] {Long.parseLong(random.group(2)), Long.parseLong(random.group(3)) + 1});
      statements = statements.replace(random.group(), "");
    }
    Matcher together = TOGETHER.matcher(statements);
    String last = together.find() ? together.group(1) : "";
    for (String statement : together.replaceFirst("").split("(?<=;)\n|(?<=\\\\gset)\n")) {
      rounds.add(round(statement));
    }
    if (!last.isEmpty()) {
      rounds.add(round(last));
    }
  }

  private static Round round(String statement) {
    Matcher variable = VARIABLE.matcher(statement);
    List<String> parameters = new ArrayList<>();
    while (variable.find()) {
      parameters.add(variable.group(1));
    }
    return new Round(
        variable.replaceAll("?").replace(COLUMN, ""), parameters, statement.contains(COLUMN));
  }

  @Override
  public Measurement run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    return Clients.run(
        Collections.nCopies(requests.size(), () -> new Client(database.getConnection())), duration);
  }

  private final class Client implements Clients.Client {

    private final Connection connection;
    private final List<PreparedStatement> statements = new ArrayList<>();

    Client(Connection connection) throws SQLException {
      this.connection = connection;
      for (Round round : rounds) {
        statements.add(connection.prepareStatement(round.sql()));
      }
    }

    @Override
    public void exchange() throws IOException {
      try {
        transaction();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }

    private void transaction() throws SQLException {
      Map<String, Long> variables = new HashMap<>();
      ThreadLocalRandom random = ThreadLocalRandom.current();
      randoms.forEach((name, range) -> variables.put(name, random.nextLong(range[0], range[1])));
      for (int i = 0; i < rounds.size(); i++) {
        Round round = rounds.get(i);
        PreparedStatement statement = statements.get(i);
        for (int p = 0; p < round.parameters().size(); p++) {
          statement.setLong(p + 1, variables.get(round.parameters().get(p)));
        }
        statement.execute();
        if (round.column()) {
          ResultSet row = statement.getResultSet();
          row.next();
          variables.put(row.getMetaData().getColumnName(1), row.getLong(1));
        }
      }
    }

    @Override
    public void close() throws IOException {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }
}
