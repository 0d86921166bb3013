namespace Wharf.Docs.Tests.Pages;

/// <summary>The treatment of a block, as stated in the comment before it.</summary>
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
/// <param name="Page">The path of the page in the checkout.</param>
/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Section">The number of its section.</param>
/// <param name="Language">The language of the fence; empty if there is none.</param>
/// <param name="Kind">The treatment.</param>
/// <param name="Value">The prelude, the file, or the reason.</param>
/// <param name="Text">Its lines.</param>
internal sealed record Snippet(string Page, int Line, int Section, string Language, SnippetKind Kind, string Value, string Text)
{
    /// <summary>The position, in the format of compilers.</summary>
    public string Place => $"{Page}:{Line}";

    public override string ToString() => Place;
}
