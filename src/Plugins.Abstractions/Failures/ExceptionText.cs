using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Wharf.Plugins;

/// <summary>
/// Reads exceptions that plugin code threw. Their members are plugin code as well, and each may throw or return null. The methods of this class neither
/// throw nor return null.
/// </summary>
/// <remarks>
/// The framework's texts of nested exceptions are recursive and repeat the inner texts: for a long chain they take minutes or exhaust the stack. Only a few are read.
/// </remarks>
internal static class ExceptionText
{
    /// <summary>The maximum length of a text for a client, in UTF-8 bytes: a status is sent in a header.</summary>
    public const int MaxBytes = 3 * 1024;

    /// <summary>The maximum length of the text of a log entry, in characters.</summary>
    public const int MaxLogLength = 64 * 1024;

    /// <summary>The maximum number of nested exceptions whose texts are read.</summary>
    private const int MaxExceptions = 32;

    /// <summary>The maximum length of a chain of wrappers: a longer one has a cycle.</summary>
    private const int MaxWrappers = 100_000;

    /// <summary>
    /// Returns the exception inside of wrappers: those of a blocking wait, a reflective call or a static constructor. Several waits that failed for one reason count as one.
    /// </summary>
    public static Exception Unwrap(Exception exception)
    {
        Exception inside = UnwrapOne(exception);
        return inside is AggregateException several && OneReason(several) is { } reason ? reason : inside;
    }

    /// <summary>Returns the whole message of an exception as well-formed text, or the name of its type if it has none.</summary>
    public static string MessageOf(Exception exception) => MessageOf(exception, MaxExceptions);

    /// <summary>Returns the text of an exception for a client: the message of the innermost exception, well-formed and cut to <see cref="MaxBytes"/>.</summary>
    public static string ForClient(Exception exception) => Cut(MessageOf(Unwrap(exception)));

    /// <summary>Returns whether a text is short enough for a client.</summary>
    public static bool Fits(string text) => text.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MaxBytes;

    /// <summary>Cuts a text to <see cref="MaxBytes"/> and replaces lone surrogates.</summary>
    public static string Cut(string text)
    {
        int bytes = 0;
        int characters = 0;
        bool isWellFormed = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > MaxBytes)
                break;
            // The enumeration returns the replacement character for a lone surrogate.
            isWellFormed &= rune != Rune.ReplacementChar;
            characters += rune.Utf16SequenceLength;
        }

        string cut = characters == text.Length ? text : text[..characters];
        return isWellFormed ? cut : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut));
    }

    /// <summary>Returns the exception if a log can read it. Otherwise returns one with its readable parts, in at most <see cref="MaxLogLength"/> characters.</summary>
    public static Exception ForLog(Exception exception) => IsReadable(exception) ? exception : new UnreadableException(exception);

    /// <summary>Returns the readable parts of an exception and of its inner exceptions, at most <see cref="MaxExceptions"/> of them.</summary>
    public static string Describe(Exception exception)
    {
        StringBuilder text = new();
        int left = MaxExceptions;
        Describe(exception, text, ref left);
        return text.ToString();
    }

    private static Exception UnwrapOne(Exception exception)
    {
        for (int depth = 0; depth < MaxWrappers; depth++)
        {
            Exception? inner = exception switch
            {
                TargetInvocationException or TypeInitializationException => exception.InnerException,
                AggregateException { InnerExceptions: [var only] } => only,
                _ => null,
            };
            if (inner is null)
                break;
            exception = inner;
        }

        return exception;
    }

    /// <summary>Returns the first of several deliberate failures if all have the same status and message, otherwise null.</summary>
    private static PluginException? OneReason(AggregateException several)
    {
        PluginException? first = null;
        foreach (Exception one in Inside(several))
        {
            if (UnwrapOne(one) is not PluginException reason)
                return null;
            first ??= reason;
            if (reason.Status != first.Status || Message(reason) is not { } message || message != Message(first))
                return null;
        }

        return first;
    }

    private static string MessageOf(Exception exception, int share)
    {
        if (exception is not AggregateException several)
            return Message(exception) is { } message && !string.IsNullOrWhiteSpace(message) ? message : NameOf(exception);
        if (IsSmall(exception) && Message(exception) is { } whole && !string.IsNullOrWhiteSpace(whole))
            return whole;

        // Each inner exception gets an equal share, so that the total number of texts is bounded.
        Exception[] inside = [.. Inside(several).Take(share)];
        string texts = inside.Length == 0 ? "" : string.Join("; ", inside.Select(one => MessageOf(Unwrap(one), share / inside.Length)));
        return string.IsNullOrWhiteSpace(texts) ? NameOf(exception) : texts;
    }

    private static bool IsReadable(Exception exception) =>
        IsSmall(exception)
        && All(exception).All(static one =>
            Read(one, static read => read.ToString()) is { Length: <= MaxLogLength } && Message(one) is { Length: <= MaxLogLength } && HasReadableParts(one));

    /// <summary>Returns whether an exception has few inner exceptions, so that its recursive texts are short.</summary>
    private static bool IsSmall(Exception exception) => !All(exception).Skip(MaxExceptions).Any();

    /// <summary>Returns an exception and its inner exceptions in breadth-first order. The sequence is infinite if they form a cycle.</summary>
    private static IEnumerable<Exception> All(Exception exception)
    {
        Queue<Exception> open = new([exception]);
        while (open.TryDequeue(out Exception? one))
        {
            yield return one;
            foreach (Exception inner in Inside(one).Take(MaxExceptions + 1))
                open.Enqueue(inner);
        }
    }

    private static IEnumerable<Exception> Inside(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.Where(static one => one is not null),
        { InnerException: { } only } => [only],
        _ => [],
    };

    private static void Describe(Exception exception, StringBuilder text, ref int left)
    {
        left--;
        Append(text, NameOf(exception));
        Append(text, ": ");
        // The message of an AggregateException repeats the inner messages.
        Append(text, exception is AggregateException && !IsSmall(exception) ? "(several)" : Message(exception) ?? "(its message cannot be read)");
        foreach (Exception inner in Inside(exception))
        {
            Append(text, Environment.NewLine + " ---> ");
            if (left <= 0)
            {
                Append(text, "...");
                break;
            }

            Describe(inner, text, ref left);
        }

        if ((Read(exception, static one => one.StackTrace) ?? Read(exception, static one => new StackTrace(one, fNeedFileInfo: true).ToString())) is { Length: > 0 } stack)
            Append(text, Environment.NewLine + stack.TrimEnd());
    }

    /// <summary>Appends a part, cut to half of the remaining length: a long message leaves room for the stack trace.</summary>
    private static void Append(StringBuilder text, string part)
    {
        int room = (MaxLogLength - text.Length) / 2;
        if (part.Length <= room)
            text.Append(part);
        else if (room > 0)
            text.Append(part.AsSpan(0, room - 1)).Append('…');
    }

    private static string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    private static string? Message(Exception exception) => Read(exception, static one => one.Message);

    private static string? Read(Exception exception, Func<Exception, string?> member)
    {
        try
        {
            return member(exception);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static bool HasReadableParts(Exception exception)
    {
        try
        {
            _ = (exception.StackTrace, exception.Source, exception.HelpLink, exception.Data.Count);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>Replaces an exception whose members fail or are too long.</summary>
    private sealed class UnreadableException(Exception exception) : Exception(Cut(MessageOf(exception)))
    {
        private readonly string _text = Describe(exception);

        public override string ToString() => _text;
    }
}
