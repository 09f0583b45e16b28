package org.smg.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of a test, made by the JDK's own tool. */
final class Certificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;

  /**
   * @param folder where everything is kept
   */
  Certificates(Path folder) {
    this.folder = folder;
  }

  /** Makes an authority and answers its certificate. */
  Path authority(String name) throws IOException, GeneralSecurityException {
    keytool(
        "-genkeypair",
        "-keystore",
        store(name),
        "-alias",
        name,
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=" + name,
        "-ext",
        "bc:critical=ca:true",
        "-validity",
        "30");
    return pem(name + ".crt", "CERTIFICATE", keys(name).getCertificate(name).getEncoded());
  }

  /** Makes a server's key, certified by the authority for one host name. */
  Path server(String name, String authority, String host)
      throws IOException, GeneralSecurityException {
    keytool(
        "-genkeypair",
        "-keystore",
        store(name),
        "-alias",
        name,
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=" + host,
        "-validity",
        "30");
    Path request = folder.resolve(name + ".csr");
    keytool("-certreq", "-keystore", store(name), "-alias", name, "-file", request.toString());
    Path certificate = folder.resolve(name + ".crt");
    keytool(
        "-gencert",
        "-rfc",
        "-keystore",
        store(authority),
        "-alias",
        authority,
        "-infile",
        request.toString(),
        "-outfile",
        certificate.toString(),
        "-ext",
        "san=dns:" + host,
        "-validity",
        "30");
    Path key =
        pem(
            name + ".key",
            "PRIVATE KEY",
            keys(name).getKey(name, PASSWORD.toCharArray()).getEncoded());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return certificate;
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  private String store(String name) {
    return folder.resolve(name + ".p12").toString();
  }

  private KeyStore keys(String name) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(store(name)))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private Path pem(String file, String type, byte[] der) throws IOException {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, body));
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Path log = folder.resolve("keytool.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(Files.readString(log));
    }
  }
}
