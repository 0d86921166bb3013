using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Wharf.Plugins;

/// <summary>
/// Reads exceptions that plugin code threw. Their members are plugin code as well, and each may throw or return null. The methods of this class neither
/// throw nor return null.
/// </summary>
internal static class ExceptionText
{
    /// <summary>The maximum length of a text for a client, in UTF-8 bytes: a status is sent in a header.</summary>
    public const int MaxBytes = 3 * 1024;

    /// <summary>A longer chain of inner exceptions is cut.</summary>
    private const int MaxDepth = 32;

    /// <summary>Returns the exception inside of wrappers: those of a blocking wait, a reflective call or a static constructor.</summary>
    public static Exception Unwrap(Exception exception)
    {
        for (int depth = 0; depth < MaxDepth; depth++)
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

    /// <summary>The whole message of an exception as well-formed text; the name of the exception's type when it has none.</summary>
    public static string MessageOf(Exception exception)
    {
        string? message = Read(exception, static one => one.Message);
        if (string.IsNullOrWhiteSpace(message) && exception is AggregateException { InnerExceptions: { Count: > 0 } several })
            message = string.Join("; ", several.Take(MaxDepth).Select(static one => MessageOf(Unwrap(one))));
        return string.IsNullOrWhiteSpace(message) ? NameOf(exception) : message;
    }

    /// <summary>Returns the text of an exception for a client: the message of the innermost exception, well-formed and cut to <see cref="MaxBytes"/>.</summary>
    public static string ForClient(Exception exception) => Cut(MessageOf(Unwrap(exception)));

    /// <summary>Whether a text is short enough for a client.</summary>
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

    /// <summary>The exception itself if a log can read it, else another one with what can be read of it.</summary>
    public static Exception ForLog(Exception exception)
    {
        for (Exception? one = exception; one is not null; one = one.InnerException)
        {
            if (!IsReadable(one))
                return new UnreadableException(exception);
        }

        return exception;
    }

    /// <summary>All that can be read of an exception and of those inside it.</summary>
    public static string Describe(Exception exception)
    {
        StringBuilder text = new();
        Describe(exception, text, depth: 0);
        return text.ToString();
    }

    private static bool IsReadable(Exception exception) =>
        Read(exception, static one => one.ToString()) is not null
        && Read(exception, static one => one.Message) is not null
        && CanRead(exception, static one => (one.StackTrace, one.Source, one.HelpLink, one.Data.Count));

    private static void Describe(Exception exception, StringBuilder text, int depth)
    {
        text.Append(NameOf(exception)).Append(": ").Append(Read(exception, static one => one.Message) ?? "(its message cannot be read)");
        IEnumerable<Exception> inside = exception switch
        {
            AggregateException several => several.InnerExceptions,
            { InnerException: { } only } => [only],
            _ => [],
        };
        foreach (Exception inner in inside.Take(MaxDepth))
        {
            text.AppendLine().Append(" ---> ");
            if (depth == MaxDepth)
                text.Append("...");
            else
                Describe(inner, text, depth + 1);
        }

        if ((Read(exception, static one => one.StackTrace) ?? Read(exception, static one => new StackTrace(one, fNeedFileInfo: true).ToString())) is { Length: > 0 } stack)
            text.AppendLine().Append(stack.TrimEnd());
    }

    private static string NameOf(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

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

    private static bool CanRead<T>(Exception exception, Func<Exception, T> member)
    {
        try
        {
            member(exception);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>Takes the place of an exception whose members fail.</summary>
    private sealed class UnreadableException(Exception exception) : Exception(MessageOf(exception))
    {
        private readonly string _text = Describe(exception);

        public override string ToString() => _text;
    }
}
