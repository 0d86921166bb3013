using System.CommandLine;
using System.CommandLine.Completions;

namespace Wharf.Cli.Completion;

/// <summary>
/// Filters the names that completion offers. A shell inserts a candidate into its command line, and names are read from servers and folders: a name that a shell could
/// expand, split or hide is not offered. Such an object can still be used by its quoted name.
/// </summary>
internal static class CompletionNames
{
    private const int MaxLength = 256;
    private const string Punctuation = "_-./:@+,";

    /// <summary>Offers names for an argument.</summary>
    /// <param name="argument">The argument.</param>
    /// <param name="names">Returns the names.</param>
    public static void CompleteNames(this Argument<string> argument, Func<CompletionContext, IEnumerable<string>> names) =>
        argument.CompletionSources.Add(context => names(context).Where(IsPlain));

    /// <summary>Returns whether a name is one word in every supported shell, without quotes.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MaxLength
        && name[0] is not ('-' or '@')
        && name.All(static character => char.IsLetterOrDigit(character) || Punctuation.Contains(character, StringComparison.Ordinal));
}
