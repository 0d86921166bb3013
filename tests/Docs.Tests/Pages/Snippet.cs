namespace Wharf.Docs.Tests.Pages;

/// <summary>How a block is treated, as the comment before it states.</summary>
internal enum SnippetKind
{
    /// <summary>No comment: the block is complete as printed.</summary>
    Complete,

    /// <summary><c>prelude NAME</c>: a fragment; <c>Preludes/NAME</c> completes it.</summary>
    Prelude,

    /// <summary><c>file PATH</c>: the block is written to a file, which later commands of the page use.</summary>
    File,

    /// <summary><c>part of FILE</c>: the block repeats lines of a file of the checkout.</summary>
    PartOf,

    /// <summary><c>serves</c>: the command serves until the end of the section.</summary>
    Serves,

    /// <summary><c>not run: REASON</c>: only the syntax is checked.</summary>
    NotRun,
}

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path in the checkout.</param>
/// <param name="Line">The line of its fence, from 1.</param>
/// <param name="Section">The number of the section that it stands in.</param>
/// <param name="Language">The language after the fence; empty without one.</param>
/// <param name="Kind">How it is treated.</param>
/// <param name="Value">The prelude, the file, or the reason.</param>
/// <param name="Text">Its lines.</param>
internal sealed record Snippet(string Page, int Line, int Section, string Language, SnippetKind Kind, string Value, string Text)
{
    /// <summary>Where it is, as compilers write it.</summary>
    public string Place => $"{Page}:{Line}";

    public override string ToString() => Place;
}
