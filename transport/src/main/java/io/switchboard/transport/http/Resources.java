package io.switchboard.transport.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Files of the class path, read once and served from memory. They are listed by name: nothing else can be asked for,
 * however a path is spelled.
 */
public final class Resources {
    private static final int TAG_BYTES = 8;
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    private final Map<String, HttpAnswer> files = new HashMap<>();

    /**
     * @param anchor a class beside which the folder lies
     * @param folder relative to the class, or from the root of the class path with a leading slash
     * @throws IllegalArgumentException if a file is not there or its extension is unknown
     */
    public Resources(Class<?> anchor, String folder, List<String> names) {
        for (String name : names) {
            String resource = folder.isEmpty() ? name : folder + "/" + name;
            try (InputStream in = anchor.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IllegalArgumentException("no file " + resource + " beside " + anchor.getName());
                }
                files.put(name, file(name, in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + resource, e);
            }
        }
    }

    private static HttpAnswer file(String name, byte[] bytes) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalArgumentException(
                    "the content type of " + name + " is not known, only of " + TYPES.keySet());
        }
        return new HttpAnswer(
                200, type, Map.of("ETag", tag(bytes), "Cache-Control", "no-cache"), ByteBuffer.wrap(bytes));
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Everything below {@code path}, which ends in a slash; the path itself is {@code index.html}. */
    public HttpRoute under(String path) {
        return HttpRoute.getUnder(path, request -> {
            String name = request.path().substring(path.length());
            return answer(name.isEmpty() ? "index.html" : name, request);
        });
    }

    public HttpAnswer answer(String name, HttpRequest request) {
        HttpAnswer file = files.get(name);
        if (file == null) {
            return HttpAnswer.text(404, "404 Not Found");
        }
        String tag = file.headers().get("ETag");
        if (request.header("if-none-match").filter(known -> known.equals(tag)).isPresent()) {
            return new HttpAnswer(304, file.contentType(), file.headers(), ByteBuffer.allocate(0));
        }
        return file;
    }
}
