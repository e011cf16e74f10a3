//go:build goexperiment.simd && amd64

#include "textflag.h"

// One round of two vectors at a time, which hide each other's latency, from
// (c0, c1, c2, c3) to (c0, q, c2, p) and from (d0, d1, d2, d3) to (d0, s, d2, r);
// k is the place of its keys.
#define ROUND(c0, c1, c2, c3, p, q, d0, d1, d2, d3, r, s, k) \
	VPMULUDQ c0, Z30, p \
	VPMULUDQ c2, Z31, q \
	VPMULUDQ d0, Z30, r \
	VPMULUDQ d2, Z31, s \
	VMOVDQU64 (k)(AX), Z28 \
	VMOVDQU64 (k+64)(AX), Z29 \
	VPSRLQ $32, q, c0 \
	VPSRLQ $32, p, c2 \
	VPSRLQ $32, s, d0 \
	VPSRLQ $32, r, d2 \
	VPTERNLOGQ $0x96, Z28, c1, c0 \
	VPTERNLOGQ $0x96, Z29, c3, c2 \
	VPTERNLOGQ $0x96, Z28, d1, d0 \
	VPTERNLOGQ $0x96, Z29, d3, d2

#define ROUNDS(k) \
	ROUND(Z0, Z1, Z2, Z3, Z4, Z5, Z16, Z17, Z18, Z19, Z20, Z21, k) \
	ROUND(Z0, Z5, Z2, Z4, Z3, Z1, Z16, Z21, Z18, Z20, Z19, Z17, k+128)

// func philoxAVX512(keys *RoundKeys, purpose uint64, c, x *Uint32s, n int)
TEXT ·philoxAVX512(SB), NOSPLIT, $0-40
	MOVQ keys+0(FP), AX
	MOVQ purpose+8(FP), SI
	VPBROADCASTQ SI, Z27
	MOVQ c+16(FP), BX
	MOVQ x+24(FP), CX
	MOVQ n+32(FP), DX
	MOVL $0xD2511F53, SI
	VPBROADCASTQ SI, Z30
	MOVL $0xCD9E8D57, SI
	VPBROADCASTQ SI, Z31
	MOVQ DX, R8 // the distance of a vector's words: n, 2n and 3n vectors
	SHLQ $6, R8
	LEAQ (R8)(R8*2), R9

next:
	VMOVDQU64 (BX), Z0
	VMOVDQA64 Z27, Z1
	VMOVDQU64 (BX)(R8*1), Z2
	VMOVDQU64 (BX)(R8*2), Z3
	VMOVDQU64 64(BX), Z16
	VMOVDQA64 Z27, Z17
	VMOVDQU64 64(BX)(R8*1), Z18
	VMOVDQU64 64(BX)(R8*2), Z19
	ROUNDS(0)
	ROUNDS(256)
	ROUNDS(512)
	ROUNDS(768)
	ROUNDS(1024)
	VMOVDQU64 Z0, (CX)
	VMOVDQU64 Z1, (CX)(R8*1)
	VMOVDQU64 Z2, (CX)(R8*2)
	VMOVDQU64 Z3, (CX)(R9*1)
	VMOVDQU64 Z16, 64(CX)
	VMOVDQU64 Z17, 64(CX)(R8*1)
	VMOVDQU64 Z18, 64(CX)(R8*2)
	VMOVDQU64 Z19, 64(CX)(R9*1)
	ADDQ $128, BX
	ADDQ $128, CX
	SUBQ $2, DX
	JNZ next
	VZEROUPPER
	RET
