package parquet

import "errors"

// errDamaged is the error of files that are not as the format wants them.
var errDamaged = errors.New("the Parquet file is damaged")

// largest is the largest size of a page that is read [bytes]. Writers make pages of about 1 MB.
const largest = 1 << 28

// magic stands at the start and at the end of a file.
const magic = "PAR1"

// Physical types of columns.
const (
	boolean = iota
	int32s
	int64s
	int96s // time stamps of old files
	floats
	doubles
	byteArrays
	fixedArrays
)

// Repetitions of columns.
const (
	required = iota
	optional
	repeated
)

// Compressions of pages.
const (
	uncompressed = 0
	snappy       = 1
	gzipped      = 2
	zstandard    = 6
)

// codecNames are the names of compressions, as the format has them.
var codecNames = []string{"UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD",
	"LZ4_RAW"}

// Encodings of values.
const (
	plain             = 0
	plainDictionary   = 2 // the name of indexDictionary in old files
	runLengths        = 3
	deltas            = 5
	deltaLengths      = 6
	deltaTexts        = 7
	indexDictionary   = 8
	byteStreams       = 9
	convertedUTF8     = 0
	convertedDecimal  = 5
	convertedDate     = 6
	convertedMillis   = 7 // times of a day; those of stamps are two further
	convertedUnsigned = 11
)

// Types of pages.
const (
	dataPage       = 0
	dictionaryPage = 2
	dataPage2      = 3
)

// Numbers of the fields of the structs.
const (
	fileVersion, fileSchema, fileRows, fileGroups, fileCreator = 1, 2, 3, 4, 6

	elementType, elementLength, elementRepetition, elementName = 1, 2, 3, 4
	elementChildren, elementConverted, elementScale            = 5, 6, 7
	elementLogical                                             = 10

	logicalString, logicalDecimal, logicalDate, logicalTime = 1, 5, 6, 7
	logicalStamp, logicalInteger                            = 8, 10

	groupColumns, groupSize, groupRows = 1, 2, 3

	chunkOffset, chunkMeta = 2, 3

	metaType, metaEncodings, metaPath, metaCodec, metaValues    = 1, 2, 3, 4, 5
	metaPlainSize, metaSize, metaDataPage, metaDictionaryPage   = 6, 7, 9, 11
	pageType, pagePlainSize, pageSize, pageData, pageDictionary = 1, 2, 3, 5, 7
	pageData2                                                   = 8

	dataValues, dataEncoding, dataLevels, dataRepetitions = 1, 2, 3, 4

	data2Values, data2Encoding, data2Levels, data2Repetitions, data2Packed = 1, 4, 5, 6, 7
)
