using System.Text.Json.Serialization;
using Wharf.Plugins;
using Wharf.Rpc;

namespace Wharf.Client;

/// <summary>
/// The named objects of a Wharf server, made and removed while it runs. Every server has it by the name <see cref="Name"/>:
/// <c>await session.OpenAsync&lt;INamedObjects&gt;(INamedObjects.Name)</c>. Who may is for the server's configuration to say; whoever may not is told PERMISSION_DENIED.
/// </summary>
[Rpc(TypeName, JsonContext = typeof(NamedObjectsJson))]
public partial interface INamedObjects
{
    /// <summary>The name of the object.</summary>
    const string Name = "objects";

    /// <summary>The name of its type.</summary>
    const string TypeName = "Wharf.Objects";

    /// <summary>Lists the object types of all nodes.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The types, by their names.</returns>
    Task<ObjectTypeInfo[]> ListTypesAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes an object. All sessions see its name at once.</summary>
    /// <param name="type">The object type, or one of its aliases.</param>
    /// <param name="name">A variable's name, or <c>app/{application}/field/{name}</c>.</param>
    /// <param name="arguments">What it is made with; <c>Limits:Most</c> is a nested one.</param>
    /// <param name="cancellationToken">Gives up; whether the object was made is then not known.</param>
    /// <returns>The object. Disposing of it lets go of it; its name keeps it alive.</returns>
    /// <exception cref="WharfException">The name is in use (ALREADY_EXISTS), or there is no such type (NOT_FOUND).</exception>
    Task<IServerObject> CreateAsync(string type, string name, Dictionary<string, string>? arguments = null, CancellationToken cancellationToken = default);

    /// <summary>Takes an object's name away. It ends when nobody holds it any more.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when the name is gone.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND).</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Tells who keeps an object alive.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The object and its holders.</returns>
    /// <exception cref="WharfException">There is no such object (NOT_FOUND).</exception>
    Task<ObjectHolders> HoldersAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>An object type of a server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Aliases">What else it answers to.</param>
/// <param name="Plugin">The plugin that brings it.</param>
/// <param name="Version">The plugin's version.</param>
/// <param name="Kind"><c>bidirectional</c> or <c>fetch-only</c>.</param>
/// <param name="Concurrent">Whether its streams are served side by side.</param>
/// <param name="CanCreate">Whether objects of it can be made by name.</param>
/// <param name="Nodes">On how many nodes it is.</param>
public sealed record ObjectTypeInfo(string Name, string[] Aliases, string Plugin, string Version, string Kind, bool Concurrent, bool CanCreate, int Nodes);

/// <summary>Who keeps an object alive.</summary>
/// <param name="Id">The object's identity in the cluster.</param>
/// <param name="Type">Its type.</param>
/// <param name="Streams">How many message streams it has.</param>
/// <param name="Holders">Texts such as <c>field/scope/mine</c>, <c>export/{session}/{id}</c>, <c>stream/{id}</c>.</param>
public sealed record ObjectHolders(string Id, string Type, int Streams, string[] Holders);

/// <summary>How they are written, for scripts too.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ObjectTypeInfo[]))]
[JsonSerializable(typeof(ObjectHolders))]
public sealed partial class NamedObjectsJson : JsonSerializerContext;
