import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrDecoder;
import uk.co.real_logic.sbe.json.JsonPrinter;

/**
 * Does what the lines of its input say with the codecs that sbe-tool generated for Java.
 *
 * <pre>
 * message CLASS              begin a message with CLASS + "Encoder"
 * value SETTER NUMBER|null   a number, or an enum by its number
 * item SETTER INDEX NUMBER   one element of an array
 * text SETTER HEX            text, as UTF-8
 * bytes SETTER HEX           var-data
 * choice SET CHOICE          one bit of a set
 * in COMPOSITE, out          go into a composite or a group, and back
 * group COUNTER NUMBER, next go into a group of so many entries; its next entry
 * end                        print the message in hexadecimal
 * print HEX                  print a message as JSON, by the IR that the first argument names
 * </pre>
 */
public final class SbeJava {
    private static final int BYTES_MAX = 1 << 20;
    private final Deque<Object> stack = new ArrayDeque<>();
    private Ir ir;
    private String failure;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[BYTES_MAX]);

    public static void main(final String[] arguments) throws Exception {
        final SbeJava codecs = new SbeJava();
        try (IrDecoder decoder = new IrDecoder(arguments[0]);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            codecs.ir = decoder.decode();
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                codecs.answer(line.split(" ", -1));
            }
        }
    }

    /** Obeys; what fails is told in place of the message that it belongs to. */
    private void answer(final String[] words) {
        String answer = null;
        try {
            if (failure == null || words[0].equals("message")) {
                failure = null;
                answer = obey(words);
            }
        } catch (final Exception exception) {
            failure = String.join(" ", words) + ": " + exception + " " + exception.getCause();
        }
        if (failure != null && (words[0].equals("end") || words[0].equals("print"))) {
            System.out.println("error " + failure);
            failure = null;
        } else if (answer != null) {
            System.out.println(answer);
        }
    }

    private String obey(final String[] words) throws Exception {
        switch (words[0]) {
            case "message" -> begin(words[1]);
            case "value" -> value(words[1], words[2]);
            case "item" -> item(words[1], Integer.parseInt(words[2]), words[3]);
            case "text" -> call(words[1], String.class, new String(HexFormat.of().parseHex(words[2]), StandardCharsets.UTF_8));
            case "bytes" -> bytes(words[1], HexFormat.of().parseHex(words[2]));
            case "choice" -> choice(words[1], words[2]);
            case "in" -> stack.push(method(words[1], 0).invoke(stack.peek()));
            case "group" -> stack.push(method(words[1], 1).invoke(stack.peek(), Integer.parseInt(words[2])));
            case "next" -> method("next", 0).invoke(stack.peek());
            case "out" -> stack.pop();
            case "end" -> {
                return end();
            }
            case "print" -> {
                final ByteBuffer message = ByteBuffer.wrap(HexFormat.of().parseHex(words[1]));
                return new JsonPrinter(ir).print(message).replace('\n', ' ');
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return null;
    }

    private void begin(final String name) throws Exception {
        final String package_ = name.substring(0, name.lastIndexOf('.'));
        final Object header = Class.forName(package_ + ".MessageHeaderEncoder").getConstructor().newInstance();
        final Object message = Class.forName(name + "Encoder").getConstructor().newInstance();
        buffer.setMemory(0, BYTES_MAX, (byte) 0);
        message.getClass()
            .getMethod("wrapAndApplyHeader", MutableDirectBuffer.class, int.class, header.getClass())
            .invoke(message, buffer, 0, header);
        stack.clear();
        stack.push(message);
    }

    private String end() throws Exception {
        final int limit = (int) method("limit", 0).invoke(stack.peek());
        final byte[] bytes = new byte[limit];
        buffer.getBytes(0, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void value(final String setter, final String text) throws Exception {
        for (final Method method : stack.peek().getClass().getMethods()) {
            if (method.getName().equals(setter) && method.getParameterCount() == 1) {
                final Class<?> type = method.getParameterTypes()[0];
                if (type.isPrimitive() || type.isEnum()) {
                    method.invoke(stack.peek(), text.equals("null") ? nothing(setter, type) : parse(type, text));
                    return;
                }
            }
        }
        throw new NoSuchMethodException(setter);
    }

    private Object nothing(final String setter, final Class<?> type) throws Exception {
        return type.isEnum() ? type.getField("NULL_VAL").get(null) : method(setter + "NullValue", 0).invoke(null);
    }

    private static Object parse(final Class<?> type, final String text) throws Exception {
        if (type.isEnum()) {
            final Class<?> encoding = type.getMethod("value").getReturnType();
            try {
                return type.getMethod("get", encoding).invoke(null, parse(encoding, text));
            } catch (final InvocationTargetException exception) {
                throw new IllegalArgumentException(text, exception.getCause());
            }
        }
        if (type == float.class) {
            return Float.parseFloat(text);
        }
        if (type == double.class) {
            return Double.parseDouble(text);
        }
        final BigInteger number = new BigInteger(text);
        return switch (type.getName()) {
            case "byte" -> number.byteValue();
            case "short" -> number.shortValue();
            case "int" -> number.intValue();
            default -> number.longValue();
        };
    }

    private void item(final String setter, final int index, final String text) throws Exception {
        for (final Method method : stack.peek().getClass().getMethods()) {
            final Class<?>[] types = method.getParameterTypes();
            if (method.getName().equals(setter) && types.length == 2 && types[0] == int.class && types[1].isPrimitive()) {
                method.invoke(stack.peek(), index, parse(types[1], text));
                return;
            }
        }
        throw new NoSuchMethodException(setter);
    }

    private void bytes(final String setter, final byte[] data) throws Exception {
        stack.peek().getClass().getMethod(setter, byte[].class, int.class, int.class)
            .invoke(stack.peek(), data, 0, data.length);
    }

    private void choice(final String set, final String choice) throws Exception {
        final Object bits = method(set, 0).invoke(stack.peek());
        bits.getClass().getMethod(choice, boolean.class).invoke(bits, true);
    }

    private void call(final String setter, final Class<?> type, final Object argument) throws Exception {
        stack.peek().getClass().getMethod(setter, type).invoke(stack.peek(), argument);
    }

    private Method method(final String name, final int parameters) throws NoSuchMethodException {
        for (final Method method : stack.peek().getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == parameters) {
                return method;
            }
        }
        throw new NoSuchMethodException(stack.peek().getClass() + "." + name);
    }
}
