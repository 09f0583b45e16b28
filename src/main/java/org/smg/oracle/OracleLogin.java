package org.smg.oracle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where Oracle is and who connects. A field that is not set is empty, never null.
 *
 * <p>Messages name the option that is wrong and repeat nothing that can contain a password.
 *
 * @param walletPath the folder of tnsnames.ora and the wallet
 * @param tnsAlias a name in tnsnames.ora
 * @param dsn a connect descriptor or host:port/service
 * @param externalAuth whether to log in with the wallet's credential in place of user and password
 * @param schema the schema whose tables are used; the user's own if empty
 * @param timeoutSeconds seconds that connecting, logging in and each answer may take
 */
public record OracleLogin(
    String walletPath,
    String tnsAlias,
    String dsn,
    String user,
    String password,
    boolean externalAuth,
    String schema,
    int timeoutSeconds) {

  private static final int MILLIS = 1000;

  private static final Pattern SCHEMA = Pattern.compile("[A-Za-z][A-Za-z0-9_$#]{0,127}");

  /** The files that a wallet can be: one that opens without a password, or with one. */
  private static final List<String> WALLETS = List.of("cwallet.sso", "ewallet.p12");

  /**
   * @throws IllegalArgumentException if these do not go together; the message begins with the name
   *     of the option at fault
   */
  public void check() {
    refuse(
        tnsAlias.isEmpty() && dsn.isEmpty(),
        "oracle-dsn: missing; set it, or oracle-tns-alias and oracle-wallet-path");
    // SQL*Plus takes user/password@host, and Oracle's messages repeat what stands for the host.
    refuse(
        dsn.contains("@") && !dsn.startsWith("("),
        "oracle-dsn: contains an @; set user and password by oracle-user and oracle-password");
    refuse(
        tnsAlias.contains("@"),
        "oracle-tns-alias: contains an @; set user and password by oracle-user and oracle-password");
    refuse(
        !tnsAlias.isEmpty() && !dsn.isEmpty(),
        "oracle-tns-alias: set beside oracle-dsn; one of them");
    refuse(
        !tnsAlias.isEmpty() && walletPath.isEmpty(),
        "oracle-wallet-path: missing; oracle-tns-alias needs the folder of its tnsnames.ora");
    refuse(
        !walletPath.isEmpty() && !Files.isDirectory(Path.of(walletPath)),
        "oracle-wallet-path: '%s' is not a folder".formatted(walletPath));
    refuse(
        !tnsAlias.isEmpty() && !holds("tnsnames.ora"),
        "oracle-wallet-path: there is no tnsnames.ora in '%s'".formatted(walletPath));
    if (externalAuth) {
      refuse(
          !user.isEmpty(), "oracle-user: set beside oracle-external-auth=true, which goes without");
      refuse(
          !password.isEmpty(),
          "oracle-password: set beside oracle-external-auth=true, which goes without");
      refuse(
          walletPath.isEmpty(),
          "oracle-wallet-path: missing; oracle-external-auth=true needs a wallet");
      refuse(
          !hasWallet(),
          "oracle-wallet-path: there is no %s in '%s', which oracle-external-auth=true needs"
              .formatted(String.join(" or ", WALLETS), walletPath));
    } else {
      refuse(user.isEmpty(), "oracle-user: missing; set it, or oracle-external-auth=true");
      refuse(password.isEmpty(), "oracle-password: missing; set it, or oracle-external-auth=true");
    }
    refuse(
        !schema.isEmpty() && !SCHEMA.matcher(schema).matches(),
        "oracle-schema: '%s' is not a name of letters, digits, _, $ and #".formatted(schema));
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalArgumentException(message);
    }
  }

  private boolean hasWallet() {
    return WALLETS.stream().anyMatch(this::holds);
  }

  private boolean holds(String file) {
    return Files.isRegularFile(Path.of(walletPath, file));
  }

  /** The driver's URL, without user and password. */
  public String url() {
    return "jdbc:oracle:thin:@" + (dsn.isEmpty() ? tnsAlias : dsn);
  }

  /** The driver's connection properties: where its files are, and its timeouts. */
  public Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    if (!walletPath.isEmpty()) {
      properties.put("oracle.net.tns_admin", walletPath);
      if (hasWallet()) {
        properties.put("oracle.net.wallet_location", walletPath);
      }
    }
    // The name by which administrators see the sessions.
    properties.put("v$session.program", "history");
    String seconds = Integer.toString(timeoutSeconds);
    String longer = Integer.toString(timeoutSeconds + 1);
    String millis = Integer.toString((timeoutSeconds + 1) * MILLIS);
    properties.put("oracle.net.CONNECT_TIMEOUT", millis);
    properties.put("oracle.net.OUTBOUND_CONNECT_TIMEOUT", longer);
    properties.put("oracle.jdbc.loginTimeout", seconds);
    properties.put("oracle.jdbc.ReadTimeout", millis);
    return properties;
  }

  /**
   * The statements that set up a new session. By default it sorts by the rules of the JVM's
   * language; lists are compared and sorted by bytes, so that each page begins where the last one
   * ended.
   */
  public List<String> session() {
    String sorting = "ALTER SESSION SET NLS_SORT = BINARY NLS_COMP = BINARY";
    return schema.isEmpty()
        ? List.of(sorting)
        : List.of(sorting, "ALTER SESSION SET CURRENT_SCHEMA = " + schema);
  }

  /** Shows nothing of the fields, of which several are secret. */
  @Override
  public String toString() {
    return "OracleLogin";
  }
}
